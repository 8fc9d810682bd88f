package org.jvmipc.signals;

import java.nio.BufferOverflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.jvmipc.Address;
import org.jvmipc.Codec;
import org.jvmipc.LimitException;

/** How the bytes of a message are the value of a signal, which has 32 bits. */
final class ValueForm<T> {
    /** What a message is. */
    enum Kind {
        /** A decimal number, with or without a sign; spaces around it do not count. */
        TEXT,
        /** 4 bytes, or 8 whose number fits into 4; low byte first. */
        BINARY
    }

    /** The value, or none. */
    record Value(boolean isNone, int number) {
        private static final Value NONE = new Value(true, 0);
    }

    /** No decimal number of 32 bits is longer, spaces and leading zeros included. */
    private static final int LARGEST_BYTES = 64;

    private final Address address;
    private final Codec<T> codec;
    private final Kind kind;

    ValueForm(Address address, Codec<T> codec, Kind kind) {
        this.address = address;
        this.codec = codec;
        this.kind = kind;
    }

    /** The message's value; an empty message has none. */
    Value of(T message) throws LimitException {
        ByteBuffer bytes = ByteBuffer.allocate(LARGEST_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        int size = codec.size(message);
        if (size > LARGEST_BYTES) {
            throw tooLarge("" + size);
        }
        try {
            codec.encode(message, bytes);
        } catch (BufferOverflowException e) {
            throw tooLarge("more than " + LARGEST_BYTES);
        }
        bytes.flip();
        if (!bytes.hasRemaining()) {
            return Value.NONE;
        }
        return new Value(false, kind == Kind.TEXT ? text(bytes) : binary(bytes));
    }

    private LimitException tooLarge(String size) {
        return new LimitException(
                address + ": a message of " + size + " bytes",
                "the value of a signal",
                Integer.BYTES,
                "send the number of something larger that lies elsewhere");
    }

    private int text(ByteBuffer bytes) {
        String text = StandardCharsets.UTF_8.decode(bytes).toString().strip();
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    address + ": '" + text + "' is no value of a signal, which is a number from " + Integer.MIN_VALUE
                            + " to " + Integer.MAX_VALUE,
                    e);
        }
    }

    private int binary(ByteBuffer bytes) {
        long number = 0;
        switch (bytes.remaining()) {
            case Integer.BYTES -> number = bytes.getInt();
            case Long.BYTES -> number = bytes.getLong();
            default -> throw new IllegalArgumentException(
                    address + ": a message of " + bytes.remaining() + " bytes; a value has 4, or 8 that fit into 4");
        }
        if (number != (int) number) {
            throw new IllegalArgumentException(address + ": " + number + " does not fit into the 32 bits of a value");
        }
        return (int) number;
    }
}

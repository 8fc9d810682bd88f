package org.jvmipc.cli.talk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.jvmipc.Address;
import org.jvmipc.CorruptDataException;
import org.jvmipc.cli.frame.Json;
import org.jvmipc.cli.frame.Stdout;

/** Prints messages to standard output, many in one call of the system where many have come. */
final class MessagePrinter {
    private static final String SCHEMA = "ipc.message/1";
    private static final int ENOUGH_BYTES = 1 << 16;

    private final Stdout out;
    private final Address address;
    private final Frame frame;
    private final @Nullable MessageFormat format;
    private final boolean json;
    private final Bytes pending = new Bytes(ENOUGH_BYTES * 2);
    private @Nullable Intake intake;
    private @Nullable Intake known;
    private int unwritten;
    private long messages;
    private long bytes;

    /**
     * A printer.
     *
     * @param json whether each is printed as an object, with its address
     */
    MessagePrinter(Stdout out, Address address, Frame frame, @Nullable MessageFormat format, boolean json) {
        this.out = out;
        this.address = address;
        this.frame = frame;
        this.format = format;
        this.json = json;
    }

    /** Says from now on what is known of messages, and tells when they are written. */
    void of(Intake from) {
        intake = from;
        known = from;
    }

    /** Says from now on what is known of messages; that they are printed is nothing to where they come from. */
    void knowing(Intake from) {
        known = from;
    }

    /** Prints it at the next {@link #flush} at the latest. */
    void print(ByteBuffer message) throws IOException {
        messages++;
        bytes += message.remaining();
        if (json) {
            pending.add((Json.line(object(message)) + "\n").getBytes(StandardCharsets.UTF_8));
        } else {
            add(format == null ? message : ByteBuffer.wrap(format.apply(message, messages, address)));
        }
        unwritten++;
        if (pending.length() >= ENOUGH_BYTES || (intake != null && intake.hasEnough())) {
            flush();
        }
    }

    private void add(ByteBuffer message) throws CorruptDataException {
        switch (frame) {
            case LINE, FRAMED -> {
                pending.add(message);
                pending.add((byte) '\n');
            }
            case NUL -> {
                pending.add(message);
                pending.add((byte) 0);
            }
            case LEN32 -> {
                pending.add(ByteBuffer.allocate(Integer.BYTES)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putInt(0, message.remaining()));
                pending.add(message);
            }
            case JSON -> {
                pending.add(oneLine(message));
                pending.add((byte) '\n');
            }
            case RAW -> pending.add(message);
        }
    }

    private byte[] oneLine(ByteBuffer message) throws CorruptDataException {
        byte[] text = new byte[message.remaining()];
        message.duplicate().get(text);
        try {
            return Json.oneLine(text);
        } catch (IllegalArgumentException e) {
            throw new CorruptDataException(address + ": message " + messages + " is no JSON: " + e.getMessage(), e);
        }
    }

    private Map<String, Object> object(ByteBuffer message) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("schema", SCHEMA);
        object.put("address", address.toString());
        try {
            object.put(
                    "data",
                    StandardCharsets.UTF_8
                            .newDecoder()
                            .decode(message.duplicate())
                            .toString());
        } catch (CharacterCodingException e) {
            byte[] data = new byte[message.remaining()];
            message.duplicate().get(data);
            object.put("b64", Base64.getEncoder().encodeToString(data));
        }
        if (known != null) {
            object.putAll(known.known());
        }
        return object;
    }

    /** Hands over all that was printed. */
    void flush() throws IOException {
        int length = pending.length();
        int count = unwritten;
        pending.clear();
        unwritten = 0;
        if (length > 0) {
            out.write(pending.memory(), 0, length);
        }
        if (intake != null && count > 0) {
            intake.written(count);
        }
    }

    /** How many were printed. */
    long messages() {
        return messages;
    }

    /** How many bytes of data they had. */
    long bytes() {
        return bytes;
    }
}

package org.jvmipc.internal.stream;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.zip.CRC32C;
import org.jvmipc.process.ProcessIdentity;

/** Fragments as a sender in another language would make them, of any process that is said to be their sender. */
record FragmentImages(long pid, long startTime, int namespace, int sender) {
    static final byte MESSAGE = 1;
    static final byte BATCH = 2;
    static final byte HELLO = 3;
    static final byte END = 4;

    static FragmentImages of(ProcessIdentity process, int sender) {
        return new FragmentImages(process.pid(), process.startTime(), (int) process.pidNamespace(), sender);
    }

    /** Of a process that cannot be seen from here, so that no watch is begun. */
    static FragmentImages foreign(int sender) {
        return new FragmentImages(1_000_000_007L, 1, 1, sender);
    }

    byte[] message(long sequence, byte... payload) {
        return part(sequence, 0, payload.length, payload);
    }

    byte[] part(long sequence, int offset, int total, byte... payload) {
        return fragment(MESSAGE, sequence, offset, total, payload);
    }

    /** Each message as its length and its bytes. */
    byte[] batch(long sequence, byte[]... messages) {
        int length =
                Arrays.stream(messages).mapToInt(message -> 4 + message.length).sum();
        ByteBuffer records = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        for (byte[] message : messages) {
            records.putInt(message.length).put(message);
        }
        return fragment(BATCH, sequence, 0, length, records.array());
    }

    byte[] hello(long next) {
        return fragment(HELLO, next, 0, 0);
    }

    byte[] end(long next) {
        return fragment(END, next, 0, 0);
    }

    byte[] fragment(byte type, long sequence, int offset, int total, byte... payload) {
        ByteBuffer bytes = ByteBuffer.allocate(52 + payload.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putInt(payload.length).put(type).put((byte) 0).putShort((short) 0x464A);
        bytes.putInt((int) pid).putInt(sender).putLong(startTime).putLong(sequence);
        bytes.putInt(offset).putInt(total).putInt(namespace).putInt(0).put(payload);
        return sealed(bytes.array());
    }

    /** The fragment with its checksum put right. */
    static byte[] sealed(byte[] fragment) {
        CRC32C crc = new CRC32C();
        crc.update(fragment, 0, fragment.length - 4);
        ByteBuffer.wrap(fragment).order(ByteOrder.LITTLE_ENDIAN).putInt(fragment.length - 4, (int) crc.getValue());
        return fragment;
    }

    /** The fragment as it is when its sender gave up before its last byte left. */
    static byte[] revoked(byte[] fragment) {
        byte[] copy = fragment.clone();
        copy[copy.length - 1] = (byte) ~copy[copy.length - 1];
        return copy;
    }
}

package org.jvmipc.cli.demo;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * The layout of a message of the demos, and the generator of its payload, which sender and receiver run each for itself.
 *
 * <pre>
 *   0                   8                  16        20        24                24 + n     28 + n
 *   +-------------------+-------------------+---------+---------+-----------------+---------+
 *   |      run id       |     sequence      | sender  |    n    |  payload (n)    | CRC-32C |
 *   +-------------------+-------------------+---------+---------+-----------------+---------+
 * </pre>
 *
 * <p>Little-endian. The run id tells a message of this run from one of another; the sequence counts each sender's messages
 * from 0; the checksum covers all before it. Word {@code i} of the payload is {@code z ^ (z >>> 31)} for
 * {@code z = seed + i * GAMMA}, the last one cut to what is left; the seed is a mix of run id, sender and sequence.
 */
final class DemoMessage {
    static final int RUN_ID_OFFSET = 0;
    static final int SEQUENCE_OFFSET = 8;
    static final int SENDER_OFFSET = 16;
    static final int LENGTH_OFFSET = 20;
    static final int PAYLOAD_OFFSET = 24;

    /** What a message has besides its payload. */
    static final int OVERHEAD_BYTES = PAYLOAD_OFFSET + Integer.BYTES;

    private static final long GAMMA = 0x9E3779B97F4A7C15L;
    private static final long MIX_1 = 0xBF58476D1CE4E5B9L;
    private static final long MIX_2 = 0x94D049BB133111EBL;

    private DemoMessage() {}

    /**
     * Writes a message from the start of the target, which is little-endian and has an array.
     *
     * @return its checksum
     */
    static int write(ByteBuffer target, long runId, int sender, long sequence, int payloadBytes, CRC32C crc) {
        target.putLong(RUN_ID_OFFSET, runId);
        target.putLong(SEQUENCE_OFFSET, sequence);
        target.putInt(SENDER_OFFSET, sender);
        target.putInt(LENGTH_OFFSET, payloadBytes);
        fill(target, payloadBytes, seed(runId, sender, sequence));
        int end = PAYLOAD_OFFSET + payloadBytes;
        int checksum = checksum(target, end, crc);
        target.putInt(end, checksum);
        return checksum;
    }

    /** The checksum of the first bytes. */
    static int checksum(ByteBuffer message, int end, CRC32C crc) {
        crc.reset();
        crc.update(message.array(), message.arrayOffset(), end);
        return (int) crc.getValue();
    }

    /** Whether the payload is what the generator makes for this message. */
    static boolean payloadIsRight(ByteBuffer message, int payloadBytes, long seed) {
        long z = seed;
        int at = PAYLOAD_OFFSET;
        int end = PAYLOAD_OFFSET + payloadBytes;
        for (; at + Long.BYTES <= end; at += Long.BYTES) {
            if (message.getLong(at) != (z ^ (z >>> 31))) {
                return false;
            }
            z += GAMMA;
        }
        long word = z ^ (z >>> 31);
        for (; at < end; at++) {
            if (message.get(at) != (byte) word) {
                return false;
            }
            word >>>= Byte.SIZE;
        }
        return true;
    }

    private static void fill(ByteBuffer target, int payloadBytes, long seed) {
        long z = seed;
        int at = PAYLOAD_OFFSET;
        int end = PAYLOAD_OFFSET + payloadBytes;
        for (; at + Long.BYTES <= end; at += Long.BYTES) {
            target.putLong(at, z ^ (z >>> 31));
            z += GAMMA;
        }
        long word = z ^ (z >>> 31);
        for (; at < end; at++) {
            target.put(at, (byte) word);
            word >>>= Byte.SIZE;
        }
    }

    /** What the payload of this message begins with. */
    static long seed(long runId, int sender, long sequence) {
        return mix(mix(runId + sender) + sequence * GAMMA);
    }

    /** Adds a message to the digest of all messages of a sender, in their order. */
    static long digest(long digest, long sequence, int checksum) {
        return mix(Long.rotateLeft(digest, 1) ^ mix(sequence + GAMMA) ^ checksum);
    }

    /** Stands for one message in a sum over many, which is the same in whatever order they came. */
    static long mark(long sequence, int checksum) {
        return digest(0, sequence, checksum);
    }

    /** The finalizer of SplitMix64: every bit of the result depends on every bit of the value. */
    private static long mix(long value) {
        long z = (value ^ (value >>> 30)) * MIX_1;
        z = (z ^ (z >>> 27)) * MIX_2;
        return z ^ (z >>> 31);
    }
}

package org.jvmipc.shm;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What one process did with a ring, in order: each send or receive with its message, and the times between which it was done. {@link
 * System#nanoTime()} is {@code CLOCK_MONOTONIC}, the same for all processes.
 */
final class RingLog implements AutoCloseable {
    /** In place of the producer: a receive that found nothing. */
    static final int NONE = -1;

    /** Of a message: its producer and its number. */
    static final int MESSAGE_BYTES = 2 * Integer.BYTES;

    private static final int FIELDS = 4;

    private final Path file;
    private final ByteBuffer message = ByteBuffer.allocateDirect(1024).order(ByteOrder.LITTLE_ENDIAN);
    private long[] entries = new long[1 << 16];
    private int length;

    /** What happened once. */
    record Entry(int producer, int seq, long begin, long end) {
        boolean isNone() {
            return producer == NONE;
        }
    }

    RingLog(Path file) {
        this.file = file;
    }

    /** A message of this size. */
    ByteBuffer message(int producer, int seq, int size) {
        message.clear().limit(size);
        message.putInt(0, producer).putInt(Integer.BYTES, seq);
        return message;
    }

    /** It is over now. Of receives in a row that found nothing only the last one is kept: whatever the others may not miss it may not either. */
    void add(int producer, int seq, long begin) {
        long end = System.nanoTime();
        if (producer == NONE && length > 0 && entries[length - FIELDS] == NONE) {
            length -= FIELDS;
        }
        if (length + FIELDS > entries.length) {
            entries = Arrays.copyOf(entries, 2 * entries.length);
        }
        entries[length++] = producer;
        entries[length++] = seq;
        entries[length++] = begin;
        entries[length++] = end;
    }

    /** Writes it down. */
    @Override
    public void close() throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(length * Long.BYTES);
        bytes.asLongBuffer().put(entries, 0, length);
        Files.write(file, bytes.array());
    }

    /** What was written down. */
    static List<Entry> read(Path file) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file));
        List<Entry> all = new ArrayList<>();
        while (bytes.hasRemaining()) {
            all.add(new Entry((int) bytes.getLong(), (int) bytes.getLong(), bytes.getLong(), bytes.getLong()));
        }
        return all;
    }
}

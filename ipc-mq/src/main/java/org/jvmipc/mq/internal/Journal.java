package org.jvmipc.mq.internal;

import java.io.Closeable;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jvmipc.CorruptDataException;

/**
 * A group's journal, open for writing; see {@link JournalLayout}. Where the next record goes is the caller's to remember, as processes
 * take turns at it.
 *
 * <p><b>Thread safety.</b> None: under the group's mutex.
 */
public final class Journal implements Closeable {
    private final Path path;
    private final RandomAccessFile file;
    private final boolean sync;
    private final byte[] record = new byte[JournalLayout.RECORD_BYTES];
    private final ByteBuffer view = ByteBuffer.wrap(record).order(ByteOrder.LITTLE_ENDIAN);

    private Journal(Path path, boolean sync) throws IOException {
        this.path = path;
        this.file = new RandomAccessFile(path.toFile(), "rw");
        this.sync = sync;
    }

    /** A range as it stands in a journal. */
    public record Range(long first, int count, long taken) {
        boolean isAllTaken() {
            long all = -1L >>> (Long.SIZE - count);
            return (taken & all) == all;
        }
    }

    private record Key(long first, int count) {}

    /**
     * What a journal says.
     *
     * @param next messages from it on were not dealt out
     * @param ranges those that are not all taken
     */
    public record Content(long next, Collection<Range> ranges, int half, int records, long generation) {
        /** Whether the group has taken the message. */
        public boolean isTaken(long index) {
            boolean taken = index < next;
            for (Range each : ranges) {
                long bit = index - each.first;
                if (bit >= 0 && bit < each.count) {
                    taken &= (each.taken >>> bit & 1) != 0;
                }
            }
            return taken;
        }
    }

    static Path path(QueueDirectory directory, String group) {
        return directory.groups().resolve(group + ".acks");
    }

    /** Makes one of a group that begins with this index; its blocks are had now, so that an acknowledgement needs none. */
    static Content create(QueueDirectory directory, String group, long next, boolean sync) throws IOException {
        Path path = path(directory, group);
        Files.deleteIfExists(path);
        Allocation.range(path, 0, JournalLayout.FILE_BYTES, "group " + group);
        try (Journal journal = new Journal(path, sync)) {
            return journal.begin(0, 1, next, java.util.List.of());
        }
    }

    static Journal open(QueueDirectory directory, String group, boolean sync) throws IOException {
        return new Journal(path(directory, group), sync);
    }

    Path path() {
        return path;
    }

    // ---- writing

    /** Writes what is known of a range as the record with this number. */
    void put(int half, int number, long generation, Range range) throws IOException {
        write(half, number, generation, JournalLayout.RANGE, range.count, range.first, range.taken);
        sync();
    }

    /** Begins a half with what holds, and puts it in use; what the records in it are. */
    Content begin(int half, long generation, long next, Collection<Range> ranges) throws IOException {
        int number = 0;
        write(half, number++, generation, JournalLayout.NEXT, 0, next, 0);
        for (Range each : ranges) {
            write(half, number++, generation, JournalLayout.RANGE, each.count, each.first, each.taken);
        }
        sync(); // what the header puts in use is there before it
        ByteBuffer header = ByteBuffer.allocate(JournalLayout.HEADER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        header.putLong(JournalLayout.MAGIC_AT, JournalLayout.MAGIC).putLong(JournalLayout.GENERATION_AT, generation);
        header.putInt(JournalLayout.HEADER_CRC_AT, Envelope.crc(header.array(), 0, JournalLayout.HEADER_CRC_AT));
        file.seek((long) half * JournalLayout.HALF_BYTES);
        file.write(header.array());
        sync();
        return new Content(next, ranges, half, number, generation);
    }

    private void write(int half, int number, long generation, int kind, int count, long first, long taken)
            throws IOException {
        view.putInt(JournalLayout.KIND, kind)
                .putInt(JournalLayout.COUNT, count)
                .putLong(JournalLayout.FIRST, first)
                .putLong(JournalLayout.TAKEN, taken)
                .putInt(JournalLayout.RECORD_GENERATION, (int) generation)
                .putInt(JournalLayout.RECORD_CRC, Envelope.crc(record, 0, JournalLayout.RECORD_CRC));
        file.seek(JournalLayout.record(half, number));
        file.write(record);
    }

    private void sync() throws IOException {
        if (sync) {
            file.getFD().sync();
        }
    }

    @Override
    public void close() throws IOException {
        file.close();
    }

    // ---- reading

    /**
     * Reads one, whoever wrote it.
     *
     * @throws CorruptDataException if neither half is one
     */
    public static Content read(Path path) throws IOException {
        byte[] bytes = new byte[JournalLayout.FILE_BYTES];
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "r")) {
            int length = 0;
            for (int count; length < bytes.length && (count = file.read(bytes, length, bytes.length - length)) > 0; ) {
                length += count;
            }
        }
        ByteBuffer view = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        long first = generation(view, 0);
        long second = generation(view, 1);
        if (first < 0 && second < 0) {
            throw new CorruptDataException(path + ": neither half of it is a journal");
        }
        int half = first >= second ? 0 : 1;
        return content(view, half, Math.max(first, second));
    }

    private static long generation(ByteBuffer view, int half) {
        int at = half * JournalLayout.HALF_BYTES;
        boolean whole = view.getLong(at + JournalLayout.MAGIC_AT) == JournalLayout.MAGIC
                && view.getInt(at + JournalLayout.HEADER_CRC_AT)
                        == Envelope.crc(view.array(), at, JournalLayout.HEADER_CRC_AT);
        return whole ? view.getLong(at + JournalLayout.GENERATION_AT) : -1;
    }

    private static Content content(ByteBuffer view, int half, long generation) {
        Map<Key, Range> ranges = new LinkedHashMap<>();
        long next = 0;
        int number = 0;
        for (; number < JournalLayout.MOST_RECORDS; number++) {
            int at = JournalLayout.record(half, number);
            int count = view.getInt(at + JournalLayout.COUNT);
            long first = view.getLong(at + JournalLayout.FIRST);
            if (view.getInt(at + JournalLayout.RECORD_GENERATION) != (int) generation
                    || view.getInt(at + JournalLayout.RECORD_CRC)
                            != Envelope.crc(view.array(), at, JournalLayout.RECORD_CRC)) {
                break;
            }
            if (view.getInt(at + JournalLayout.KIND) == JournalLayout.NEXT) {
                next = Math.max(next, first);
            } else if (count >= 1 && count <= GroupLayout.MAX_RANGE_MESSAGES) {
                next = Math.max(next, first + count);
                put(ranges, new Range(first, count, view.getLong(at + JournalLayout.TAKEN)));
            }
        }
        return new Content(next, ranges.values(), half, number, generation);
    }

    private static void put(Map<Key, Range> ranges, Range range) {
        Key key = new Key(range.first, range.count);
        if (range.isAllTaken()) {
            ranges.remove(key);
        } else {
            ranges.put(key, range);
        }
    }
}

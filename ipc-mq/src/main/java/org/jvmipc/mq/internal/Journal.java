package org.jvmipc.mq.internal;

import java.io.Closeable;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
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
            Content content = journal.begin(0, 1, next, List.of());
            if (sync) {
                QueueDirectory.sync(directory.groups()); // its name
            }
            return content;
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
        byte[] header = new byte[JournalLayout.HEADER_BYTES];
        LittleEndian.putLong(header, JournalLayout.MAGIC_AT, JournalLayout.MAGIC);
        LittleEndian.putLong(header, JournalLayout.GENERATION_AT, generation);
        LittleEndian.putInt(header, JournalLayout.HEADER_CRC_AT, Envelope.crc(header, 0, JournalLayout.HEADER_CRC_AT));
        file.seek((long) half * JournalLayout.HALF_BYTES);
        file.write(header);
        sync();
        return new Content(next, ranges, half, number, generation);
    }

    private void write(int half, int number, long generation, int kind, int count, long first, long taken)
            throws IOException {
        LittleEndian.putInt(record, JournalLayout.KIND, kind);
        LittleEndian.putInt(record, JournalLayout.COUNT, count);
        LittleEndian.putLong(record, JournalLayout.FIRST, first);
        LittleEndian.putLong(record, JournalLayout.TAKEN, taken);
        LittleEndian.putInt(record, JournalLayout.RECORD_GENERATION, (int) generation);
        LittleEndian.putInt(record, JournalLayout.RECORD_CRC, Envelope.crc(record, 0, JournalLayout.RECORD_CRC));
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
        byte[] bytes = load(path);
        long first = generation(bytes, 0);
        long second = generation(bytes, 1);
        if (first < 0 && second < 0) {
            throw new CorruptDataException(
                    path + ": neither half of it is a journal; remove it, and its group begins anew");
        }
        int half = first >= second ? 0 : 1;
        return content(bytes, half, Math.max(first, second));
    }

    /** Whether no header was written to it yet. */
    static boolean isUnfinished(Path path) throws IOException {
        byte[] bytes = load(path);
        return LittleEndian.getLong(bytes, JournalLayout.MAGIC_AT) == 0
                && LittleEndian.getLong(bytes, JournalLayout.HALF_BYTES + JournalLayout.MAGIC_AT) == 0;
    }

    private static byte[] load(Path path) throws IOException {
        byte[] bytes = new byte[JournalLayout.FILE_BYTES];
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "r")) {
            int length = 0;
            for (int count; length < bytes.length && (count = file.read(bytes, length, bytes.length - length)) > 0; ) {
                length += count;
            }
        }
        return bytes;
    }

    private static long generation(byte[] bytes, int half) {
        int at = half * JournalLayout.HALF_BYTES;
        boolean whole = LittleEndian.getLong(bytes, at + JournalLayout.MAGIC_AT) == JournalLayout.MAGIC
                && LittleEndian.getInt(bytes, at + JournalLayout.HEADER_CRC_AT)
                        == Envelope.crc(bytes, at, JournalLayout.HEADER_CRC_AT);
        long generation = LittleEndian.getLong(bytes, at + JournalLayout.GENERATION_AT);
        // After a power failure a header may be there without what was written before it.
        return whole && isRecord(bytes, half, 0, generation) && kind(bytes, half, 0) == JournalLayout.NEXT
                ? generation
                : -1;
    }

    private static boolean isRecord(byte[] bytes, int half, int number, long generation) {
        int at = JournalLayout.record(half, number);
        return LittleEndian.getInt(bytes, at + JournalLayout.RECORD_GENERATION) == (int) generation
                && LittleEndian.getInt(bytes, at + JournalLayout.RECORD_CRC)
                        == Envelope.crc(bytes, at, JournalLayout.RECORD_CRC);
    }

    private static int kind(byte[] bytes, int half, int number) {
        return LittleEndian.getInt(bytes, JournalLayout.record(half, number) + JournalLayout.KIND);
    }

    private static Content content(byte[] bytes, int half, long generation) {
        Map<Key, Range> ranges = new LinkedHashMap<>();
        long next = 0;
        int number = 0;
        for (; number < JournalLayout.MOST_RECORDS && isRecord(bytes, half, number, generation); number++) {
            int at = JournalLayout.record(half, number);
            int count = LittleEndian.getInt(bytes, at + JournalLayout.COUNT);
            long first = LittleEndian.getLong(bytes, at + JournalLayout.FIRST);
            if (kind(bytes, half, number) == JournalLayout.NEXT) {
                next = Math.max(next, first);
            } else if (count >= 1 && count <= GroupLayout.MAX_RANGE_MESSAGES) {
                next = Math.max(next, first + count);
                put(ranges, new Range(first, count, LittleEndian.getLong(bytes, at + JournalLayout.TAKEN)));
            }
        }
        return new Content(next, withoutParts(ranges.values()), half, number, generation);
    }

    /** Messages that are in two ranges, as their process was killed when it split one, are in the smaller one only. */
    private static Collection<Range> withoutParts(Collection<Range> ranges) {
        List<Range> result = new ArrayList<>();
        for (Range whole : ranges) {
            long taken = whole.taken;
            for (Range part : ranges) {
                taken |= partOf(whole, part);
            }
            Range known = new Range(whole.first, whole.count, taken);
            if (!known.isAllTaken()) {
                result.add(known);
            }
        }
        return result;
    }

    /** The bits of the messages of a range that are also in this smaller one inside it. */
    static long partOf(Range whole, Range part) {
        long from = part.first - whole.first;
        boolean inside = part.count < whole.count && from >= 0 && from + part.count <= whole.count;
        return inside ? -1L >>> (Long.SIZE - part.count) << from : 0;
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

package org.jvmipc.shm.internal;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.jvmipc.IpcException;
import org.jvmipc.LimitException;

/**
 * The objects of a segment. An entry is written in full, then its type is stored: who sees the type sees a whole entry. Entries
 * never change after that and are never taken back, so that nobody who reads them needs a lock. Everything in them
 * is checked against the segment's bounds each time, as anybody may have written it.
 */
public final class Directory {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1," + SegmentLayout.MAX_NAME_BYTES + "}");

    private static final int CHUNK = 8192;

    private Directory() {}

    /**
     * One object.
     *
     * @param type null if this version does not know it
     */
    public record Entry(String name, @Nullable ObjectType type, int offset, int size) {}

    /** Fills an object before it is published. */
    public interface Filler {
        void fill(ByteBuffer bytes, int offset);
    }

    static void requireName(String name) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("not the name of an object in a segment: '" + name + "'; it is 1 to "
                    + SegmentLayout.MAX_NAME_BYTES + " characters of A-Z a-z 0-9 . _ -");
        }
    }

    /** All objects, in the order of their making. */
    static List<Entry> entries(SegmentMemory memory) {
        List<Entry> entries = new ArrayList<>();
        for (int i = 0; i < memory.entries(); i++) {
            Entry entry = read(memory, i);
            if (entry == null) {
                break; // entries are published in order
            }
            entries.add(entry);
        }
        return entries;
    }

    /** The object of this name, null if there is none. */
    public static @Nullable Entry find(SegmentMemory memory, String name) {
        byte[] wanted = name.getBytes(StandardCharsets.US_ASCII);
        ByteBuffer bytes = memory.bytes();
        for (int i = 0; i < memory.entries(); i++) {
            int at = memory.entry(i);
            // Acquire: with the type comes the name.
            if (Words.getAcquire(bytes, at + SegmentLayout.ENTRY_TYPE) == 0) {
                return null; // entries are published in order
            }
            if (isNamed(bytes, at, wanted)) {
                return read(memory, i);
            }
        }
        return null;
    }

    private static boolean isNamed(ByteBuffer bytes, int at, byte[] name) {
        if (Words.get(bytes, at + SegmentLayout.ENTRY_NAME_BYTES) != name.length
                || name.length > SegmentLayout.MAX_NAME_BYTES) {
            return false;
        }
        for (int i = 0; i < name.length; i++) {
            if (bytes.get(at + SegmentLayout.ENTRY_NAME + i) != name[i]) {
                return false;
            }
        }
        return true;
    }

    /** The entry, null if there is none yet. */
    static @Nullable Entry read(SegmentMemory memory, int index) {
        ByteBuffer bytes = memory.bytes();
        int at = memory.entry(index);
        // Acquire: with the type comes the rest of the entry, and the object as its maker filled it.
        int code = Words.getAcquire(bytes, at + SegmentLayout.ENTRY_TYPE);
        if (code == 0) {
            return null;
        }
        long offset = Words.getLong(bytes, at + SegmentLayout.ENTRY_OFFSET);
        long size = Words.getLong(bytes, at + SegmentLayout.ENTRY_SIZE);
        int nameBytes = Words.get(bytes, at + SegmentLayout.ENTRY_NAME_BYTES);
        ObjectType type = ObjectType.of(code);
        boolean sound = offset >= memory.dataOffset()
                && offset % SegmentLayout.ALIGNMENT == 0
                && size >= (type == null ? 1 : type.leastBytes())
                && size <= bytes.capacity()
                && offset <= bytes.capacity() - size
                && nameBytes >= 1
                && nameBytes <= SegmentLayout.MAX_NAME_BYTES;
        if (!sound) {
            throw memory.damaged("directory entry " + index + " says offset " + offset + ", size " + size + ", name of "
                    + nameBytes + " bytes");
        }
        byte[] name = new byte[nameBytes];
        bytes.get(at + SegmentLayout.ENTRY_NAME, name);
        return new Entry(new String(name, StandardCharsets.US_ASCII), type, (int) offset, (int) size);
    }

    /**
     * Adds an object. The directory's word is held by the caller, or nobody else sees the segment yet.
     *
     * @return null if there is one with the name
     * @throws LimitException if there is no room for it
     */
    static @Nullable Entry add(SegmentMemory memory, String name, ObjectType type, int size, Filler filler)
            throws IpcException {
        int index = 0;
        long offset = memory.dataOffset();
        for (Entry entry; index < memory.entries() && (entry = read(memory, index)) != null; index++) {
            if (entry.name.equals(name)) {
                return null;
            }
            offset = Math.max(offset, SegmentLayout.aligned((long) entry.offset + entry.size));
        }
        requireRoom(memory, name, index, offset, size);
        ByteBuffer bytes = memory.bytes();
        clear(bytes, (int) offset, size); // what somebody killed here had begun
        filler.fill(bytes, (int) offset);
        int at = memory.entry(index);
        byte[] text = name.getBytes(StandardCharsets.US_ASCII);
        bytes.put(at + SegmentLayout.ENTRY_NAME, text);
        Words.set(bytes, at + SegmentLayout.ENTRY_NAME_BYTES, text.length);
        Words.setLong(bytes, at + SegmentLayout.ENTRY_OFFSET, offset);
        Words.setLong(bytes, at + SegmentLayout.ENTRY_SIZE, size);
        // Release: who sees the type sees the entry and the object.
        Words.setRelease(bytes, at + SegmentLayout.ENTRY_TYPE, type.code());
        return new Entry(name, type, (int) offset, size);
    }

    private static void clear(ByteBuffer bytes, int offset, int size) {
        byte[] zeroes = new byte[Math.min(size, CHUNK)];
        for (int done = 0; done < size; done += zeroes.length) {
            bytes.put(offset + done, zeroes, 0, Math.min(zeroes.length, size - done));
        }
    }

    private static void requireRoom(SegmentMemory memory, String name, int index, long offset, int size)
            throws LimitException {
        if (index == memory.entries()) {
            throw new LimitException(
                    memory.name() + ": no room for another object, " + name,
                    "directory entries",
                    memory.entries(),
                    "create the segment for more objects");
        }
        long free = Math.max(0, memory.bytes().capacity() - offset);
        if (size > free) {
            throw new LimitException(
                    memory.name() + ": no room for " + name + " of " + size + " bytes, " + free + " are free",
                    "size of the segment",
                    memory.bytes().capacity(),
                    "create a larger one");
        }
    }
}

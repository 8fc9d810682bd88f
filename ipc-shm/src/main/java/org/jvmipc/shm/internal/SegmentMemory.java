package org.jvmipc.shm.internal;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.jvmipc.CorruptDataException;
import org.jvmipc.internal.posix.FutexCalls;
import org.jvmipc.internal.posix.MemoryCalls;
import org.jvmipc.shm.DamagedSegmentException;

/**
 * The mapped bytes of a segment, with what its header said when it was opened: nothing is believed twice that another
 * process could change in between.
 *
 * <p><b>Thread safety.</b> Yes.
 */
public final class SegmentMemory {
    private final ByteBuffer bytes;
    private final long address;
    private final String name;
    private final int slots;
    private final int slotsOffset;
    private final int entries;
    private final int entriesOffset;
    private final int dataOffset;

    private SegmentMemory(ByteBuffer bytes, String name, int slots, int entries) {
        this.bytes = bytes;
        this.address = MemoryCalls.address(bytes);
        this.name = name;
        this.slots = slots;
        this.slotsOffset = SegmentLayout.HEADER_BYTES;
        this.entries = entries;
        this.entriesOffset = slotsOffset + slots * SegmentLayout.SLOT_BYTES;
        this.dataOffset = SegmentLayout.dataOffset(slots, entries);
    }

    /** Makes an empty segment of zeroed memory that nobody else can see yet. */
    static SegmentMemory format(ByteBuffer mapped, String name, int slots, int entries, String bootId) {
        ByteBuffer bytes = mapped.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        SegmentMemory memory = new SegmentMemory(bytes, name, slots, entries);
        UUID boot = boot(bootId);
        Words.set(bytes, SegmentLayout.VERSION_AT, SegmentLayout.VERSION);
        Words.set(bytes, SegmentLayout.SLOT_BYTES_AT, SegmentLayout.SLOT_BYTES);
        Words.setLong(bytes, SegmentLayout.SIZE_AT, bytes.capacity());
        Words.setLong(bytes, SegmentLayout.BOOT_AT, boot.getMostSignificantBits());
        Words.setLong(bytes, SegmentLayout.BOOT_AT + Long.BYTES, boot.getLeastSignificantBits());
        Words.set(bytes, SegmentLayout.SLOTS_AT, slots);
        Words.set(bytes, SegmentLayout.SLOTS_OFFSET_AT, memory.slotsOffset);
        Words.set(bytes, SegmentLayout.ENTRIES_AT, entries);
        Words.set(bytes, SegmentLayout.ENTRIES_OFFSET_AT, memory.entriesOffset);
        Words.set(bytes, SegmentLayout.DATA_OFFSET_AT, memory.dataOffset);
        // Release: who sees the magic sees all of the header.
        Words.setLongRelease(bytes, SegmentLayout.MAGIC_AT, SegmentLayout.MAGIC);
        return memory;
    }

    /**
     * Looks at a header that anybody may have written.
     *
     * @throws CorruptDataException if it is none
     */
    static SegmentMemory check(ByteBuffer mapped, String name) throws CorruptDataException {
        ByteBuffer bytes = mapped.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        try {
            SegmentMemory memory = checked(bytes, name);
            LateErrors.come();
            return memory;
        } catch (InternalError e) {
            throw new CorruptDataException(name + ": its file was cut off while it was opened", e);
        }
    }

    private static SegmentMemory checked(ByteBuffer bytes, String name) throws CorruptDataException {
        if (bytes.capacity() < SegmentLayout.HEADER_BYTES) {
            throw corrupt(name, "the file has " + bytes.capacity() + " bytes, which is less than a header");
        }
        // Acquire: with the magic comes all that was stored before it.
        long magic = Words.getLongAcquire(bytes, SegmentLayout.MAGIC_AT);
        if (magic != SegmentLayout.MAGIC) {
            throw corrupt(name, "it is no segment: it begins with 0x" + Long.toHexString(magic));
        }
        requireEqual(name, "version", Words.get(bytes, SegmentLayout.VERSION_AT), SegmentLayout.VERSION);
        requireEqual(name, "bytes of a slot", Words.get(bytes, SegmentLayout.SLOT_BYTES_AT), SegmentLayout.SLOT_BYTES);
        requireEqual(name, "size", Words.getLong(bytes, SegmentLayout.SIZE_AT), bytes.capacity());
        int slots = Words.get(bytes, SegmentLayout.SLOTS_AT);
        int entries = Words.get(bytes, SegmentLayout.ENTRIES_AT);
        if (slots < 1 || slots > SegmentLayout.MAX_SLOTS || entries < 0 || entries > SegmentLayout.MAX_ENTRIES) {
            throw corrupt(name, "it says that it has " + slots + " slots and " + entries + " directory entries");
        }
        SegmentMemory memory = new SegmentMemory(bytes, name, slots, entries);
        if (memory.dataOffset > bytes.capacity()) {
            throw corrupt(name, slots + " slots and " + entries + " entries do not fit in " + bytes.capacity());
        }
        requireEqual(name, "offset of the slots", Words.get(bytes, SegmentLayout.SLOTS_OFFSET_AT), memory.slotsOffset);
        requireEqual(
                name,
                "offset of the directory",
                Words.get(bytes, SegmentLayout.ENTRIES_OFFSET_AT),
                memory.entriesOffset);
        requireEqual(name, "offset of the objects", Words.get(bytes, SegmentLayout.DATA_OFFSET_AT), memory.dataOffset);
        return memory;
    }

    private static void requireEqual(String name, String what, long found, long expected) throws CorruptDataException {
        if (found != expected) {
            throw corrupt(name, "its header's " + what + " is " + found + ", not " + expected);
        }
    }

    private static CorruptDataException corrupt(String name, String why) {
        return new CorruptDataException(name + ": " + why);
    }

    private static UUID boot(String bootId) {
        try {
            return UUID.fromString(bootId);
        } catch (IllegalArgumentException e) {
            return new UUID(0, 0); // /proc does not tell
        }
    }

    /** Whether the header was written, or all of it repaired, since the machine was started. */
    boolean isOfBoot(String bootId) {
        UUID boot = boot(bootId);
        return Words.getLong(bytes, SegmentLayout.BOOT_AT) == boot.getMostSignificantBits()
                && Words.getLong(bytes, SegmentLayout.BOOT_AT + Long.BYTES) == boot.getLeastSignificantBits();
    }

    void setBoot(String bootId) {
        UUID boot = boot(bootId);
        Words.setLong(bytes, SegmentLayout.BOOT_AT, boot.getMostSignificantBits());
        Words.setLong(bytes, SegmentLayout.BOOT_AT + Long.BYTES, boot.getLeastSignificantBits());
    }

    /** All of it. */
    public ByteBuffer bytes() {
        return bytes;
    }

    /** The address of the segment, for messages. */
    public String name() {
        return name;
    }

    int slots() {
        return slots;
    }

    int slot(int slot) {
        return SegmentLayout.slot(slotsOffset, slot);
    }

    int entries() {
        return entries;
    }

    int entry(int entry) {
        return SegmentLayout.entry(entriesOffset, entry);
    }

    int dataOffset() {
        return dataOffset;
    }

    /** Where a word lies in this process. */
    public long address(int offset) {
        return address + offset;
    }

    /**
     * Wakes at most so many that sleep on the word, in all processes.
     *
     * @return how many there were; below 0 only if the page is gone, which the next load tells
     */
    int wake(int offset, int count) {
        return FutexCalls.wake(address + offset, count);
    }

    /** What to throw when something there cannot be. */
    public DamagedSegmentException damaged(String what) {
        return new DamagedSegmentException(name + ": " + what);
    }

    /** What to throw when memory has gone. */
    public DamagedSegmentException cutOff(@Nullable InternalError cause) {
        String message = name + ": its file was cut off by another process; close it, and create it anew";
        return cause == null ? new DamagedSegmentException(message) : new DamagedSegmentException(message, cause);
    }
}

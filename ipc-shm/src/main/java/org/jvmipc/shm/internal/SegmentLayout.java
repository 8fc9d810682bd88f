package org.jvmipc.shm.internal;

/**
 * Where everything lies in a segment: a header, the table of participants, the directory of objects, the objects. All
 * little-endian; offsets in bytes from the beginning of the file.
 *
 * <pre>
 *     0  +---------------------------------------------------------------+
 *        | magic "JVMIPCSG" (u64), stored last                           |
 *     8  | version (u32)                 | bytes of a slot (u32)         |
 *    16  | size of the file (u64)                                        |
 *    24  | boot id, first half (u64)                                     |
 *    32  | boot id, second half (u64)                                    |
 *    40  | slots (u32)                   | offset of slot 0 (u32)        |
 *    48  | directory entries (u32)       | offset of entry 0 (u32)       |
 *    56  | offset of the first object (u32) | 0                          |
 *    64  | membership (u32, futex): changes whenever somebody joins, leaves or was repaired
 *   128  | directory word (u32, owned, futex): held while an object is added
 *   192  +---------------------------------------------------------------+
 *   ...  slots, 128 bytes each
 *        | state: 0 FREE, 1 ACTIVE (u32) | generation, 1 to 32767 (u32)  |
 *        | pid (u32)                     | 0                             |
 *        | start time in clock ticks since boot (u64)                    |
 *        | inode of the pid namespace (u64)                              |
 *        | when it joined, milliseconds since 1970 (u64)                 |
 *        | 24 bytes 0                                                    |
 *        | 8 times: offset of an object that threads of it wait for (u32), how many of them (u32)
 *   ...  directory entries, 128 bytes each
 *        | type (u32), stored last; 0 none | bytes of the name (u32)     |
 *        | offset (u64)                                                  |
 *        | size (u64)                                                    |
 *        | 40 bytes 0                                                    |
 *        | name, ASCII, at most 64 bytes                                 |
 *   ...  objects, each aligned to 64
 * </pre>
 *
 * <p>Locks on bytes that lie far behind every file ({@code F_OFD_SETLK}) belong to it:
 *
 * <pre>
 *   2^62             lifecycle: shared while somebody joins, exclusive while the name is removed
 *   2^62 + 1 + slot  beacon: exclusive, from before the slot is taken until its process has left or is dead
 * </pre>
 *
 * <p>An <b>owned word</b> is 32 bits: bit 31 somebody waits, bits 30 to 16 generation, bits 15 to 0 slot + 1; 0 is free.
 */
public final class SegmentLayout {
    static final long MAGIC = 0x4753_4350_494d_564aL; // "JVMIPCSG"
    static final int VERSION = 1;

    static final int MAGIC_AT = 0;
    static final int VERSION_AT = 8;
    static final int SLOT_BYTES_AT = 12;
    static final int SIZE_AT = 16;
    static final int BOOT_AT = 24;
    static final int SLOTS_AT = 40;
    static final int SLOTS_OFFSET_AT = 44;
    static final int ENTRIES_AT = 48;
    static final int ENTRIES_OFFSET_AT = 52;
    static final int DATA_OFFSET_AT = 56;
    static final int MEMBERSHIP_AT = 64;
    static final int DIRECTORY_WORD_AT = 128;
    static final int HEADER_BYTES = 192;

    static final int SLOT_BYTES = 128;
    static final int SLOT_STATE = 0;
    static final int SLOT_GENERATION = 4;
    static final int SLOT_PID = 8;
    static final int SLOT_START_TIME = 16;
    static final int SLOT_NAMESPACE = 24;
    static final int SLOT_JOINED = 32;
    static final int SLOT_WAITS = 64;
    static final int SLOT_WAIT_ENTRIES = 8;
    static final int SLOT_WAIT_BYTES = 8;
    static final int FREE = 0;
    static final int ACTIVE = 1;

    static final int ENTRY_BYTES = 128;
    static final int ENTRY_TYPE = 0;
    static final int ENTRY_NAME_BYTES = 4;
    static final int ENTRY_OFFSET = 8;
    static final int ENTRY_SIZE = 16;
    static final int ENTRY_NAME = 64;

    /** A name of an object has at most so many bytes. */
    public static final int MAX_NAME_BYTES = 64;

    /** Objects begin at a multiple of it: no two share a line of the cache. */
    public static final int ALIGNMENT = 64;

    /** What one buffer maps. */
    public static final int MAX_BYTES = Integer.MAX_VALUE / 4096 * 4096;

    /** What an owned word can tell apart, less the value for nobody. */
    public static final int MAX_SLOTS = 4096;

    /** How many objects a segment may be made for. */
    public static final int MAX_ENTRIES = 65_536;

    static final int MAX_GENERATION = 0x7fff;

    static final long LIFECYCLE_BYTE = 1L << 62;
    static final long FIRST_BEACON_BYTE = LIFECYCLE_BYTE + 1;

    private SegmentLayout() {}

    static int slot(int slotsOffset, int slot) {
        return slotsOffset + slot * SLOT_BYTES;
    }

    static int entry(int entriesOffset, int entry) {
        return entriesOffset + entry * ENTRY_BYTES;
    }

    /** Where the objects begin, in a segment of so many slots and entries. */
    public static int dataOffset(int slots, int entries) {
        return HEADER_BYTES + slots * SLOT_BYTES + entries * ENTRY_BYTES;
    }

    /** The size of the area that an object of so many bytes takes. */
    public static long aligned(long bytes) {
        return (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    }
}

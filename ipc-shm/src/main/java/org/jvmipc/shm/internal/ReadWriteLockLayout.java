package org.jvmipc.shm.internal;

/**
 * A read-write lock: a line of the cache, then one for the readers of each participant. The first 32 bytes are those of a mutex.
 *
 * <pre>
 *    0  writer (u32, owned, futex): who writes, or is the next  | 1: its last writer died with it (u32)
 *    8  fencing number of the last write hold (u64)
 *   16  the hold that was seen at the time below (u64, a fencing number)
 *   24  when it was first seen held, milliseconds since 1970 (u64)
 *   32  gate (u32, owned, futex): by whom it is shut to readers | 1: he writes (u32)
 *   40  departures (u32, futex): bit 31 the writer waits for readers to leave, bits 30 to 0 how often he was woken
 *   44  preference (u32): 1 readers, 2 writers
 *   48  participants that may have readers (u32): those of the slots below it
 *   52  12 bytes 0                                                  64
 *   64  for each slot of the segment 64 bytes: its readers (u64): bits 46 to 32 generation of the slot, bits 30 to 0 how many; 0 none
 * </pre>
 */
final class ReadWriteLockLayout {
    static final int WRITER = MutexLayout.WORD;
    static final int WRITER_DIED = MutexLayout.OWNER_DIED;
    static final int GATE = 32;
    static final int WRITES = 36;
    static final int DEPARTURES = 40;
    static final int PREFERENCE = 44;
    static final int USED = 48;
    static final int READERS = 64;
    static final int READERS_BYTES = 64;

    /** With one slot. */
    static final int BYTES = READERS + READERS_BYTES;

    static final int OF_READERS = 1;
    static final int OF_WRITERS = 2;

    static final int WRITER_WAITS = 0x8000_0000;
    static final int GENERATION_SHIFT = 32;

    private ReadWriteLockLayout() {}
}

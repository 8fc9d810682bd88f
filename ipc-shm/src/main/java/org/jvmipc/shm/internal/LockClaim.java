package org.jvmipc.shm.internal;

import org.jspecify.annotations.Nullable;

/**
 * A lock that a thread holds or waits for, named so that every process names it alike: by its file, and by where in that it lies.
 *
 * @param kind what the file is
 * @param mode how it is held, or is to be
 * @param device of the file
 * @param inode of the file
 * @param start offset of the object in the segment, or first byte of the range
 * @param length of the range, 0 up to the end; of an object 0
 */
public record LockClaim(Kind kind, Mode mode, long device, long inode, long start, long length) {
    /** What a lock lies in. */
    public enum Kind {
        /** A segment, at an offset. */
        SEGMENT(1),
        /** A file of which a range is locked by the kernel. */
        RANGE(2);

        private final int code;

        Kind(int code) {
            this.code = code;
        }

        int code() {
            return code;
        }

        static @Nullable Kind of(int code) {
            return code == SEGMENT.code ? SEGMENT : code == RANGE.code ? RANGE : null;
        }
    }

    /** How a lock is held or waited for. */
    public enum Mode {
        /** By one thread. */
        EXCLUSIVE(1),
        /** With others who share it. */
        SHARED(2),
        /** Only waited for: by the thread that has the writers' word of a read-write lock, until its readers have left. */
        ALONE(3);

        private final int code;

        Mode(int code) {
            this.code = code;
        }

        int code() {
            return code;
        }

        static @Nullable Mode of(int code) {
            for (Mode mode : values()) {
                if (mode.code == code) {
                    return mode;
                }
            }
            return null;
        }
    }

    /** Whether a thread that waits for this one waits until a thread that holds the other one gives it back. */
    public boolean waitsFor(LockClaim held) {
        if (kind != held.kind || device != held.device || inode != held.inode) {
            return false;
        }
        if (kind == Kind.RANGE) {
            return (mode == Mode.EXCLUSIVE || held.mode == Mode.EXCLUSIVE) && start < held.end() && held.start < end();
        }
        // Who shares it waits for the thread with the writers' word, and so does the next writer; the one who has it
        // for readers.
        return start == held.start && held.mode == (mode == Mode.ALONE ? Mode.SHARED : Mode.EXCLUSIVE);
    }

    private long end() {
        return length == 0 || start > Long.MAX_VALUE - length ? Long.MAX_VALUE : start + length;
    }
}

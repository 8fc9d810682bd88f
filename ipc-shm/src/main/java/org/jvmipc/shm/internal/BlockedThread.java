package org.jvmipc.shm.internal;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.jvmipc.process.ProcessIdentity;

/**
 * A thread that waits for a lock and holds others, as the table tells it. As long as the table tells the same serial, it has been in
 * that very wait, and so has held exactly these.
 *
 * @param pid its process, in its pid namespace
 * @param startTime of the process, the low 32 bits
 * @param pidNamespace the inode of that
 * @param thread its number in its JVM, {@link Thread#getId}
 * @param serial of this wait
 * @param sinceMillis when it was first seen to wait, milliseconds since 1970
 * @param timed whether its wait has a time limit
 * @param waitsFor what it waits for
 * @param holds what it holds, as far as there was room
 */
public record BlockedThread(
        long pid,
        int startTime,
        long pidNamespace,
        long thread,
        long serial,
        long sinceMillis,
        boolean timed,
        LockClaim waitsFor,
        List<LockClaim> holds) {
    /** Keeps a copy of the list. */
    public BlockedThread {
        holds = List.copyOf(holds);
    }

    /** Which lock of those it holds the other one waits for; null if none. */
    public @Nullable LockClaim blocks(BlockedThread other) {
        for (LockClaim held : holds) {
            if (other.waitsFor.waitsFor(held)) {
                return held;
            }
        }
        return null;
    }

    /** Whether both are of the same process. */
    public boolean isOfProcess(long otherPid, long otherStartTime, long otherNamespace) {
        return pid == otherPid && startTime == (int) otherStartTime && pidNamespace == otherNamespace;
    }

    /** Its process if that lives, and can be seen from here; null otherwise. */
    public @Nullable ProcessIdentity visibleProcess() {
        return visibleProcess(LockHolderLayout.holder(pid, startTime), pidNamespace);
    }

    /** The same of the owner of an entry. */
    static @Nullable ProcessIdentity visibleProcess(long owner, long pidNamespace) {
        long pid = pidOf(owner);
        if (pid == 0 || pidNamespace != ProcessIdentity.self().pidNamespace()) {
            return null;
        }
        ProcessIdentity process = ProcessIdentity.of(pid);
        return process != null && (int) process.startTime() == startTimeOf(owner) && process.isAlive() ? process : null;
    }

    private static long pidOf(long owner) {
        return owner & 0xffffffffL;
    }

    private static int startTimeOf(long owner) {
        return (int) (owner >>> 32);
    }

    /** What an entry tells; null if it is free, is being written, or makes no sense. */
    static @Nullable BlockedThread read(ByteBuffer table, int entry) {
        // Acquire: with the serial comes the rest.
        long serial = Words.getLongAcquire(table, entry + BlockedThreadLayout.SERIAL);
        if (serial == 0) {
            return null;
        }
        long owner = Words.getLongAcquire(table, entry + BlockedThreadLayout.OWNER);
        long namespace = Words.getLongAcquire(table, entry + BlockedThreadLayout.NAMESPACE);
        long thread = Words.getLongAcquire(table, entry + BlockedThreadLayout.THREAD);
        long since = Words.getLongAcquire(table, entry + BlockedThreadLayout.SINCE);
        boolean timed = (Words.getAcquire(table, entry + BlockedThreadLayout.FLAGS) & BlockedThreadLayout.TIMED) != 0;
        LockClaim waitsFor = readLock(table, BlockedThreadLayout.lock(entry, 0));
        List<LockClaim> holds = new ArrayList<>();
        int held = Words.getAcquire(table, entry + BlockedThreadLayout.HELD);
        for (int i = 1; i <= held && i <= BlockedThreadLayout.MOST_HELD; i++) {
            LockClaim lock = readLock(table, BlockedThreadLayout.lock(entry, i));
            if (lock != null) {
                holds.add(lock);
            }
        }
        // All loads before were acquiring, so these come after them: what was read is of one wait, and of one process.
        boolean whole = Words.getLongVolatile(table, entry + BlockedThreadLayout.SERIAL) == serial
                && Words.getLongVolatile(table, entry + BlockedThreadLayout.OWNER) == owner;
        return whole && owner != 0 && waitsFor != null
                ? new BlockedThread(
                        pidOf(owner), startTimeOf(owner), namespace, thread, serial, since, timed, waitsFor, holds)
                : null;
    }

    private static @Nullable LockClaim readLock(ByteBuffer table, int at) {
        LockClaim.Kind kind = LockClaim.Kind.of(Words.getAcquire(table, at + BlockedThreadLayout.LOCK_KIND));
        LockClaim.Mode mode = LockClaim.Mode.of(Words.getAcquire(table, at + BlockedThreadLayout.LOCK_MODE));
        long device = Words.getLongAcquire(table, at + BlockedThreadLayout.LOCK_DEVICE);
        long inode = Words.getLongAcquire(table, at + BlockedThreadLayout.LOCK_INODE);
        long start = Words.getLongAcquire(table, at + BlockedThreadLayout.LOCK_START);
        long length = Words.getLongAcquire(table, at + BlockedThreadLayout.LOCK_LENGTH);
        return kind == null || mode == null || start < 0 || length < 0
                ? null
                : new LockClaim(kind, mode, device, inode, start, length);
    }
}

package org.jvmipc.shm.internal;

import org.jvmipc.IpcException;
import org.jvmipc.internal.posix.Fd;
import org.jvmipc.internal.posix.LockCalls;

/**
 * The locks on bytes of a segment's file that stand for its participants. The kernel gives one back when the last descriptor of
 * the description that took it is closed: when its process has left, or is dead.
 */
public final class Beacons {
    private Beacons() {}

    /** Takes the beacon of a slot; true proves that whoever had it is dead or has left. One's own is never seen. */
    static boolean tryWin(Fd file, int slot) throws IpcException {
        return LockCalls.tryLock(file, SegmentLayout.FIRST_BEACON_BYTE + slot, 1, true);
    }

    static void giveBack(Fd file, int slot) throws IpcException {
        LockCalls.unlock(file, SegmentLayout.FIRST_BEACON_BYTE + slot, 1);
    }

    /** Whether anybody else has joined, through whichever description. */
    public static boolean isAnyLit(Fd file) throws IpcException {
        return LockCalls.isLocked(file, SegmentLayout.FIRST_BEACON_BYTE, SegmentLayout.MAX_SLOTS);
    }

    /** Whether somebody else has the slot's. */
    static boolean isLit(Fd file, int slot) throws IpcException {
        return LockCalls.isLocked(file, SegmentLayout.FIRST_BEACON_BYTE + slot, 1);
    }

    /** Before one joins: nobody may remove the name meanwhile. */
    static boolean tryEnter(Fd file) throws IpcException {
        return LockCalls.tryLock(file, SegmentLayout.LIFECYCLE_BYTE, 1, false);
    }

    /** Before the name is removed: nobody may join meanwhile. */
    public static boolean tryEnterAlone(Fd file) throws IpcException {
        return LockCalls.tryLock(file, SegmentLayout.LIFECYCLE_BYTE, 1, true);
    }

    static void exit(Fd file) throws IpcException {
        LockCalls.unlock(file, SegmentLayout.LIFECYCLE_BYTE, 1);
    }
}

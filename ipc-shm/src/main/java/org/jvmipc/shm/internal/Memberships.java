package org.jvmipc.shm.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.jvmipc.CorruptDataException;
import org.jvmipc.IpcException;
import org.jvmipc.OsException;
import org.jvmipc.internal.Backoff;
import org.jvmipc.internal.Deadline;
import org.jvmipc.internal.Units;
import org.jvmipc.internal.posix.Errno;
import org.jvmipc.internal.posix.Fd;
import org.jvmipc.internal.posix.FileCalls;
import org.jvmipc.internal.posix.FileStatus;
import org.jvmipc.internal.posix.OsCalls;
import org.jvmipc.internal.registry.BusyException;
import org.jvmipc.process.ProcessIdentity;

/**
 * All segments that this JVM has joined, by file: a second handle on one uses the membership there is, since a process has one
 * slot and one beacon in a segment.
 *
 * <p><b>Thread safety.</b> Yes.
 */
public final class Memberships {
    static final Duration PATIENCE = Duration.ofSeconds(5);

    private static final Map<FileId, Membership> ALL = new HashMap<>();

    private record FileId(long device, long inode, long birthNanos) {
        private static FileId of(FileStatus status) {
            return new FileId(status.device(), status.inode(), status.birthNanos());
        }
    }

    private Memberships() {}

    /**
     * Makes a segment that nobody else can see yet, and joins it.
     *
     * @param file zeroed, of its full size, read and write
     */
    static Membership create(Fd file, String name, int slots, int entries, SegmentFiles.Populate populate)
            throws IOException {
        FileStatus status = OsCalls.status(file.number());
        ByteBuffer mapped = map(file, status.sizeBytes(), name, false);
        SegmentMemory memory = SegmentMemory.format(
                mapped, name, slots, entries, ProcessIdentity.self().bootId());
        populate.into(memory);
        Membership membership = Membership.join(memory, file);
        synchronized (ALL) {
            ALL.put(FileId.of(status), membership);
        }
        return membership;
    }

    /**
     * Joins a segment.
     *
     * @param file read and write; taken over, or closed
     * @param path where it was opened
     * @return null if the path has come to name another file, or none, meanwhile
     */
    public static @Nullable Membership open(Fd file, String path, String name) throws IOException {
        return open(file, path, name, PATIENCE);
    }

    /**
     * The same, with a patience of one's own.
     *
     * @throws BusyException if somebody has been removing it that long
     */
    static @Nullable Membership open(Fd file, String path, String name, Duration patience) throws IOException {
        boolean open = true;
        try {
            FileStatus status = OsCalls.status(file.number());
            enter(file, name, patience); // may wait, therefore not under the lock of all
            if (!isStill(path, status)) {
                return null;
            }
            synchronized (ALL) {
                Membership present = ALL.get(FileId.of(status));
                if (present != null && present.retain()) {
                    return present;
                }
                SegmentMemory memory = SegmentMemory.check(map(file, status.sizeBytes(), name, false), name);
                open = false; // from here on the membership's
                Membership membership = Membership.join(memory, file);
                try {
                    Beacons.exit(file);
                } catch (IpcException e) {
                    membership.release(); // else nobody could remove the name while this process is attached
                    throw e;
                }
                ALL.put(FileId.of(status), membership);
                return membership;
            }
        } finally {
            if (open) {
                file.close();
            }
        }
    }

    /** For who looks only: the memory of a segment, not joined. Nothing may be written to it. */
    static SegmentMemory look(Fd file, String name) throws IOException {
        FileStatus status = OsCalls.status(file.number());
        return SegmentMemory.check(map(file, status.sizeBytes(), name, true), name);
    }

    static void forget(Membership membership) {
        synchronized (ALL) {
            ALL.values().remove(membership);
        }
    }

    /** Keeps the name from being removed until one's own beacon is lit. Who removes it does so for a moment only. */
    private static void enter(Fd file, String name, Duration patience) throws IOException {
        Deadline deadline = Deadline.after(patience);
        Backoff backoff = new Backoff();
        boolean interrupted = false;
        try {
            while (!Beacons.tryEnter(file)) {
                if (deadline.passed()) {
                    throw new BusyException(name + ": another process has been removing it for "
                            + Units.formatDuration(patience) + "; it may be stopped");
                }
                try {
                    backoff.sleep(deadline);
                } catch (InterruptedException e) {
                    interrupted = true; // kept for the next call that looks
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static boolean isStill(String path, FileStatus opened) throws IpcException {
        try {
            FileStatus now = FileCalls.status(path);
            return now.device() == opened.device() && now.inode() == opened.inode();
        } catch (OsException e) {
            if (e.errno() == Errno.ENOENT) {
                return false;
            }
            throw e;
        }
    }

    private static ByteBuffer map(Fd file, long bytes, String name, boolean readOnly) throws IOException {
        if (bytes < SegmentLayout.HEADER_BYTES || bytes > SegmentLayout.MAX_BYTES) {
            throw new CorruptDataException(name + ": no segment has " + bytes + " bytes");
        }
        return Mapping.of(file.number(), readOnly, 0, bytes, name);
    }
}

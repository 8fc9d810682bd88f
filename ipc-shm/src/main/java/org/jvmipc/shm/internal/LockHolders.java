package org.jvmipc.shm.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;
import org.jvmipc.internal.RuntimeDirectory;
import org.jvmipc.internal.posix.Fcntl;
import org.jvmipc.internal.posix.Fd;
import org.jvmipc.internal.posix.FileStatus;
import org.jvmipc.internal.posix.MemoryCalls;
import org.jvmipc.internal.posix.OsCalls;
import org.jvmipc.process.ProcessIdentity;

/**
 * Who of this toolkit holds which file lock: so that the next holder learns that the one before died with it, which the kernel,
 * who gives the lock back, does not tell. One small file for all locks of this user, that is never removed.
 *
 * <p>It is news only: where there is no table, or no place in it, or somebody has damaged it, nothing is told and all else works.
 *
 * <p><b>Thread safety.</b> Yes.
 */
final class LockHolders {
    private static final String NAME = "lock-holders";
    private static final int OWNER_ONLY = 0600;

    /** No place in the table. */
    static final int NONE = -1;

    private static final @Nullable ByteBuffer TABLE = open();

    private static final int PID = (int) ProcessHandle.current().pid();

    private LockHolders() {}

    /**
     * A holder as the table shows him.
     *
     * @param sinceMillis when he locked it, since 1970
     */
    record Holder(int pid, long sinceMillis) {}

    /** The key of a range of a file; never 0. */
    static long key(FileStatus file, long start, long length) {
        long key = file.device() * 31 + file.inode();
        for (long more : new long[] {file.birthNanos(), start, length}) {
            key = (key ^ (key >>> 32)) * 0x9e37_79b9_7f4a_7c15L + more; // Fibonacci hashing
        }
        key ^= key >>> 29;
        return key == 0 ? 1 : key;
    }

    /**
     * The lock was taken exclusively: says so. If the entry of one who died is found it is taken over.
     *
     * @return the place times 2, with 1 added if the last holder died; {@link #NONE} if there is no place
     */
    static int enter(long key) {
        ByteBuffer table = TABLE;
        if (table == null) {
            return NONE;
        }
        try {
            int left = find(table, key);
            if (left != NONE) {
                sign(table, left);
                return left * 2 + 1;
            }
            for (int i = 0; i < LockHolderLayout.WINDOW; i++) {
                int place = LockHolderLayout.place(key, i);
                if (Words.compareAndSet(table, place, 0L, key)) {
                    sign(table, place);
                    return place * 2;
                }
            }
        } catch (InternalError e) {
            // Cut off: there is no news.
        }
        return NONE;
    }

    private static int find(ByteBuffer table, long key) {
        for (int i = 0; i < LockHolderLayout.WINDOW; i++) {
            int place = LockHolderLayout.place(key, i);
            if (Words.getLongVolatile(table, place) == key) {
                return place;
            }
        }
        return NONE;
    }

    private static void sign(ByteBuffer table, int place) {
        Words.set(table, place + LockHolderLayout.PID, PID);
        Words.set(table, place + LockHolderLayout.START_TIME, Self.START_TIME);
        Words.setLong(table, place + LockHolderLayout.MILLIS, System.currentTimeMillis());
    }

    /** The lock is about to be given back. */
    static void leave(int entered) {
        ByteBuffer table = TABLE;
        if (table != null && entered != NONE) {
            try {
                Words.setLongRelease(table, entered / 2, 0L);
            } catch (InternalError e) {
                // Cut off: there is nothing to leave.
            }
        }
    }

    /** The lock was taken shared: whether one who held it exclusively died; one of several is told. */
    static boolean takeDeath(long key) {
        ByteBuffer table = TABLE;
        try {
            int left = table == null ? NONE : find(table, key);
            return table != null && left != NONE && Words.compareAndSet(table, left, key, 0L);
        } catch (InternalError e) {
            return false;
        }
    }

    /** Who is entered for a key, or was left so. */
    static @Nullable Holder holder(long key) {
        ByteBuffer table = TABLE;
        try {
            int place = table == null ? NONE : find(table, key);
            return table == null || place == NONE
                    ? null
                    : new Holder(
                            Words.get(table, place + LockHolderLayout.PID),
                            Words.getLong(table, place + LockHolderLayout.MILLIS));
        } catch (InternalError e) {
            return null;
        }
    }

    private static @Nullable ByteBuffer open() {
        try {
            String path = RuntimeDirectory.make().resolve(NAME).toString();
            int flags = Fcntl.O_RDWR | Fcntl.O_CREAT | Fcntl.O_NOFOLLOW | Fcntl.O_NONBLOCK;
            try (Fd file = OsCalls.open(path, flags, OWNER_ONLY)) {
                FileStatus status = OsCalls.status(file.number());
                if (status.type() != FileStatus.REGULAR) {
                    return null;
                }
                if (status.sizeBytes() != LockHolderLayout.FILE_BYTES
                        && MemoryCalls.allocate(file, LockHolderLayout.FILE_BYTES) < 0) {
                    return null;
                }
                Path descriptor = Path.of("/proc/self/fd/" + file.number());
                try (FileChannel channel =
                        FileChannel.open(descriptor, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
                    return channel.map(FileChannel.MapMode.READ_WRITE, 0, LockHolderLayout.FILE_BYTES);
                }
            }
        } catch (IOException e) {
            return null;
        }
    }

    private static final class Self {
        private static final int START_TIME = (int) ProcessIdentity.self().startTime();
    }
}

package org.jvmipc.shm.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.jvmipc.CorruptDataException;
import org.jvmipc.IpcException;
import org.jvmipc.OsException;
import org.jvmipc.internal.RuntimeDirectory;
import org.jvmipc.internal.posix.Errno;
import org.jvmipc.internal.posix.Fcntl;
import org.jvmipc.internal.posix.Fd;
import org.jvmipc.internal.posix.FileStatus;
import org.jvmipc.internal.posix.MemoryCalls;
import org.jvmipc.internal.posix.OsCalls;
import org.jvmipc.internal.posix.ProcessCalls;
import org.jvmipc.process.ProcessIdentity;

/**
 * The table of threads that wait for a lock and hold another, so that a deadlock between processes can be seen. No lock needs it:
 * without a table, with a full or a damaged one, nothing is told and there is no error.
 *
 * <p><b>Thread safety.</b> Yes.
 *
 * @see BlockedThreadLayout
 */
public final class BlockedThreads {
    private static final String FILE = "blocked-threads";
    private static final int OWNER_ONLY = 0600;
    private static final int MILLIS_SHIFT = 20;

    /** Also after a restart of the machine no serial comes again. */
    private static final AtomicLong SERIALS = new AtomicLong(System.currentTimeMillis() << MILLIS_SHIFT);

    private static @Nullable BlockedThreads shared;

    private final ByteBuffer table;
    private final long self;
    private final long namespace;
    private volatile boolean lost;

    private BlockedThreads(ByteBuffer table) {
        this.table = table;
        ProcessIdentity identity = ProcessIdentity.self();
        this.self = LockHolderLayout.holder(identity.pid(), identity.startTime());
        this.namespace = identity.pidNamespace();
    }

    /** This user's table, made if it is missing; null if there is none that could be used. */
    static synchronized @Nullable BlockedThreads shared() {
        if (shared == null || shared.lost) {
            try {
                shared = open(RuntimeDirectory.make().resolve(FILE));
            } catch (IOException e) {
                return null; // nothing is told; who comes next tries again
            }
        }
        return shared;
    }

    /**
     * The table in a file, which is made if it is missing.
     *
     * @throws IOException if it cannot be made or may not be trusted
     */
    static BlockedThreads open(Path path) throws IOException {
        int flags = Fcntl.O_RDWR | Fcntl.O_NOFOLLOW | Fcntl.O_NONBLOCK | Fcntl.O_CREAT;
        try (Fd fd = OsCalls.open(path.toString(), flags, OWNER_ONLY)) {
            FileStatus status = requireOwn(fd, path);
            if (status.permissions() != OWNER_ONLY) {
                OsCalls.changeMode(fd.number(), OWNER_ONLY); // the umask of who made it
            }
            // Of several who make it each does all of this: none of it changes what is there.
            if (MemoryCalls.allocate(fd, BlockedThreadLayout.FILE_BYTES) != 0) {
                throw new IpcException(path + ": no space for the table of blocked threads");
            }
            ByteBuffer table = map(fd, false, path);
            try {
                writeHeader(table);
                requireHeader(table, path);
                LateErrors.come();
            } catch (InternalError e) {
                throw cutOff(path, e);
            }
            return new BlockedThreads(table);
        }
    }

    private static FileStatus requireOwn(Fd fd, Path path) throws IOException {
        FileStatus status = OsCalls.status(fd.number());
        if (status.type() != FileStatus.REGULAR
                || status.uid() != ProcessCalls.effectiveUser()
                || status.links() != 1) {
            throw new IpcException(path + " cannot be trusted as table of blocked threads; remove it");
        }
        return status;
    }

    private static ByteBuffer map(Fd fd, boolean readOnly, Path path) throws IOException {
        return Mapping.of(fd.number(), readOnly, 0, BlockedThreadLayout.FILE_BYTES, path.toString())
                .order(ByteOrder.LITTLE_ENDIAN);
    }

    private static void writeHeader(ByteBuffer table) {
        if (Words.getLongAcquire(table, BlockedThreadLayout.MAGIC_AT) == 0) {
            Words.set(table, BlockedThreadLayout.VERSION_AT, BlockedThreadLayout.VERSION);
            Words.set(table, BlockedThreadLayout.ENTRIES_AT, BlockedThreadLayout.ENTRIES);
            Words.setLong(table, BlockedThreadLayout.END_AT, BlockedThreadLayout.MAGIC);
            // Who sees the magic sees the rest of the header.
            Words.setLongRelease(table, BlockedThreadLayout.MAGIC_AT, BlockedThreadLayout.MAGIC);
        }
    }

    private static void requireHeader(ByteBuffer table, Path path) throws IpcException {
        if (Words.getLongAcquire(table, BlockedThreadLayout.MAGIC_AT) != BlockedThreadLayout.MAGIC
                || Words.get(table, BlockedThreadLayout.VERSION_AT) != BlockedThreadLayout.VERSION
                || Words.get(table, BlockedThreadLayout.ENTRIES_AT) != BlockedThreadLayout.ENTRIES
                || Words.getLong(table, BlockedThreadLayout.END_AT) != BlockedThreadLayout.MAGIC) {
            throw new CorruptDataException(path + " is no table of blocked threads of version "
                    + BlockedThreadLayout.VERSION + "; remove it, and it is made anew");
        }
    }

    private static CorruptDataException cutOff(Path path, InternalError cause) {
        return new CorruptDataException(path + " is being cut off", cause);
    }

    // ---- telling

    /**
     * Tells of a thread of this process.
     *
     * @return the entry, for {@link #clear}; -1 if there is no room
     */
    int put(ThreadWait wait, LockClaim waitsFor, List<LockClaim> holds) {
        if (lost) {
            return -1;
        }
        try {
            int index = claim();
            if (index >= 0) {
                write(BlockedThreadLayout.entry(index), wait, waitsFor, holds);
            }
            LateErrors.come();
            return index;
        } catch (InternalError e) {
            lost = true; // somebody has cut off the file
            return -1;
        }
    }

    private int claim() {
        int home = Math.floorMod((int) self * 31, BlockedThreadLayout.ENTRIES);
        for (int i = 0; i < BlockedThreadLayout.ENTRIES; i++) {
            int index = (home + i) % BlockedThreadLayout.ENTRIES;
            if (Words.compareAndSet(table, BlockedThreadLayout.entry(index) + BlockedThreadLayout.OWNER, 0L, self)) {
                return index;
            }
        }
        for (int index = 0; index < BlockedThreadLayout.ENTRIES; index++) {
            int entry = BlockedThreadLayout.entry(index);
            BlockedThread other = BlockedThread.read(table, entry);
            long owner = Words.getLongAcquire(table, entry + BlockedThreadLayout.OWNER);
            if (other != null
                    && owner != self
                    && other.isDead()
                    && owner == LockHolderLayout.holder(other.pid(), other.startTime())
                    && Words.compareAndSet(table, entry + BlockedThreadLayout.OWNER, owner, self)) {
                return index;
            }
        }
        return -1;
    }

    private void write(int entry, ThreadWait wait, LockClaim waitsFor, List<LockClaim> holds) {
        Words.setLongVolatile(table, entry + BlockedThreadLayout.SERIAL, 0);
        Words.setLongRelease(table, entry + BlockedThreadLayout.NAMESPACE, namespace);
        Words.setLongRelease(
                table, entry + BlockedThreadLayout.THREAD, wait.thread().getId());
        Words.setLongRelease(table, entry + BlockedThreadLayout.SINCE, wait.sinceMillis());
        Words.setRelease(table, entry + BlockedThreadLayout.FLAGS, wait.isTimed() ? BlockedThreadLayout.TIMED : 0);
        int held = Math.min(holds.size(), BlockedThreadLayout.MOST_HELD);
        Words.setRelease(table, entry + BlockedThreadLayout.HELD, held);
        writeLock(BlockedThreadLayout.lock(entry, 0), waitsFor);
        for (int i = 0; i < held; i++) {
            writeLock(BlockedThreadLayout.lock(entry, i + 1), holds.get(i));
        }
        // Release: who sees the serial sees the rest.
        Words.setLongRelease(table, entry + BlockedThreadLayout.SERIAL, SERIALS.incrementAndGet());
    }

    private void writeLock(int at, LockClaim lock) {
        Words.setLongRelease(table, at + BlockedThreadLayout.LOCK_DEVICE, lock.device());
        Words.setLongRelease(table, at + BlockedThreadLayout.LOCK_INODE, lock.inode());
        Words.setLongRelease(table, at + BlockedThreadLayout.LOCK_START, lock.start());
        Words.setLongRelease(table, at + BlockedThreadLayout.LOCK_LENGTH, lock.length());
        Words.setRelease(table, at + BlockedThreadLayout.LOCK_KIND, lock.kind().code());
        Words.setRelease(table, at + BlockedThreadLayout.LOCK_MODE, lock.mode().code());
    }

    /** The thread waits no longer. */
    void clear(int index) {
        if (lost) {
            return;
        }
        try {
            int entry = BlockedThreadLayout.entry(index);
            if (Words.getLongVolatile(table, entry + BlockedThreadLayout.OWNER)
                    == self) { // else somebody has written there
                Words.setLongVolatile(table, entry + BlockedThreadLayout.SERIAL, 0);
                Words.compareAndSet(table, entry + BlockedThreadLayout.OWNER, self, 0L);
            }
            LateErrors.come();
        } catch (InternalError e) {
            lost = true;
        }
    }

    // ---- for those who look only

    /**
     * What the table of this user tells now; nothing if there is none.
     *
     * @throws CorruptDataException if it is damaged
     * @throws IOException if it cannot be read
     */
    public static List<BlockedThread> look() throws IOException {
        return look(RuntimeDirectory.path().resolve(FILE));
    }

    static List<BlockedThread> look(Path path) throws IOException {
        int flags = Fcntl.O_RDONLY | Fcntl.O_NOFOLLOW | Fcntl.O_NONBLOCK;
        try (Fd fd = OsCalls.open(path.toString(), flags, 0)) {
            FileStatus status = requireOwn(fd, path);
            if (status.sizeBytes() != BlockedThreadLayout.FILE_BYTES) {
                throw new CorruptDataException(path + ": a table of blocked threads has "
                        + BlockedThreadLayout.FILE_BYTES + " bytes, not " + status.sizeBytes() + "; remove it");
            }
            ByteBuffer table = map(fd, true, path);
            try {
                List<BlockedThread> threads = read(table, path);
                LateErrors.come();
                return threads;
            } catch (InternalError e) {
                throw cutOff(path, e);
            }
        } catch (OsException e) {
            if (e.errno() == Errno.ENOENT) {
                return List.of();
            }
            throw e;
        }
    }

    private static List<BlockedThread> read(ByteBuffer table, Path path) throws IpcException {
        List<BlockedThread> threads = new ArrayList<>();
        if (Words.getLongAcquire(table, BlockedThreadLayout.MAGIC_AT) == 0) {
            return threads; // it is being made
        }
        requireHeader(table, path);
        for (int index = 0; index < BlockedThreadLayout.ENTRIES; index++) {
            BlockedThread thread = BlockedThread.read(table, BlockedThreadLayout.entry(index));
            if (thread != null) {
                threads.add(thread);
            }
        }
        return threads;
    }
}

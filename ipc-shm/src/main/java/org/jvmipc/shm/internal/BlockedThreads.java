package org.jvmipc.shm.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import org.jspecify.annotations.Nullable;
import org.jvmipc.internal.RuntimeDirectory;
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
    private static final int MILLIS_SHIFT = 20;

    /** Also after a restart of the machine no serial comes again. */
    private static final AtomicLong SERIALS = new AtomicLong(System.currentTimeMillis() << MILLIS_SHIFT);

    private static @Nullable BlockedThreads shared;

    private final BlockedThreadFile file;
    private final ByteBuffer table;
    private final long self;
    private final long namespace;
    /** What was told last in each entry. */
    private final AtomicLongArray serials = new AtomicLongArray(BlockedThreadLayout.ENTRIES);

    private volatile boolean lost;

    private BlockedThreads(BlockedThreadFile file) {
        this.file = file;
        this.table = file.bytes();
        ProcessIdentity identity = ProcessIdentity.self();
        this.self = LockHolderLayout.holder(identity.pid(), identity.startTime());
        this.namespace = identity.pidNamespace();
    }

    /**
     * This user's table, made if it is missing; null if there is none that could be used. It is another one than before if
     * somebody has removed that.
     */
    static synchronized @Nullable BlockedThreads shared() {
        if (shared == null || !shared.isCurrent()) {
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
        return new BlockedThreads(BlockedThreadFile.open(path));
    }

    /** Whether who looks would find what is told here. */
    boolean isCurrent() {
        return !lost && file.isCurrent();
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
            boolean isWritten = index >= 0 && write(index, wait, waitsFor, holds);
            LateErrors.come();
            return isWritten ? index : -1;
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
            if (takeFromDead(BlockedThreadLayout.entry(index))) {
                return index;
            }
        }
        return -1;
    }

    /** Whoever died while he wrote has left the serial 0: only the owner counts. */
    private boolean takeFromDead(int entry) {
        long owner = Words.getLongVolatile(table, entry + BlockedThreadLayout.OWNER);
        long serial = Words.getLongVolatile(table, entry + BlockedThreadLayout.SERIAL);
        long ownersNamespace = Words.getLongAcquire(table, entry + BlockedThreadLayout.NAMESPACE);
        // 0: he died before he had written it, or is about to write it, and then sees that the entry is his no more.
        boolean isOfHere = ownersNamespace == 0 || ownersNamespace == namespace;
        // The serial goes first: with a new owner nobody is to read what the old one told.
        // It is another one if somebody else has taken the entry over meanwhile.
        return owner != self
                && isOfHere
                && BlockedThread.visibleProcess(owner, namespace) == null
                && (serial == 0 || Words.compareAndSet(table, entry + BlockedThreadLayout.SERIAL, serial, 0L))
                && Words.compareAndSet(table, entry + BlockedThreadLayout.OWNER, owner, self);
    }

    private boolean write(int index, ThreadWait wait, LockClaim waitsFor, List<LockClaim> holds) {
        int entry = BlockedThreadLayout.entry(index);
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
        if (Words.getLongVolatile(table, entry + BlockedThreadLayout.OWNER) != self) {
            return false; // taken for dead, by another pid namespace
        }
        long serial = SERIALS.incrementAndGet();
        serials.set(index, serial);
        // Release: who sees the serial sees the rest.
        Words.setLongRelease(table, entry + BlockedThreadLayout.SERIAL, serial);
        return true;
    }

    private void writeLock(int at, LockClaim lock) {
        Words.setLongRelease(table, at + BlockedThreadLayout.LOCK_DEVICE, lock.device());
        Words.setLongRelease(table, at + BlockedThreadLayout.LOCK_INODE, lock.inode());
        Words.setLongRelease(table, at + BlockedThreadLayout.LOCK_START, lock.start());
        Words.setLongRelease(table, at + BlockedThreadLayout.LOCK_LENGTH, lock.length());
        Words.setRelease(table, at + BlockedThreadLayout.LOCK_KIND, lock.kind().code());
        Words.setRelease(table, at + BlockedThreadLayout.LOCK_MODE, lock.mode().code());
    }

    /** Whether the entry is still as it was told. */
    boolean tells(int index) {
        if (lost) {
            return false;
        }
        try {
            int entry = BlockedThreadLayout.entry(index);
            boolean isSame = Words.getLongVolatile(table, entry + BlockedThreadLayout.OWNER) == self
                    && Words.getLongVolatile(table, entry + BlockedThreadLayout.SERIAL) == serials.get(index);
            LateErrors.come();
            return isSame;
        } catch (InternalError e) {
            lost = true;
            return false;
        }
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
     * @throws org.jvmipc.CorruptDataException if it is damaged
     * @throws IOException if it cannot be read
     */
    public static List<BlockedThread> look() throws IOException {
        return look(RuntimeDirectory.path().resolve(FILE));
    }

    static List<BlockedThread> look(Path path) throws IOException {
        return BlockedThreadFile.look(path);
    }
}

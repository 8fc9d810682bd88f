package org.jvmipc.shm.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.jvmipc.IpcException;
import org.jvmipc.internal.RuntimeDirectory;
import org.jvmipc.internal.posix.Fcntl;
import org.jvmipc.internal.posix.Fd;
import org.jvmipc.internal.posix.FileStatus;
import org.jvmipc.internal.posix.MemoryCalls;
import org.jvmipc.internal.posix.OsCalls;
import org.jvmipc.internal.posix.ProcessCalls;
import org.jvmipc.process.ProcessIdentity;

/**
 * Who holds which file lock exclusively, so that the next holder learns that the last one died. The kernel's locks do not
 * need it: without a table, with a full or a damaged one, there is no news and no error.
 *
 * <p><b>Thread safety.</b> Yes; for one key only who has its lock may call.
 *
 * @see LockHolderLayout
 */
public final class LockHolders {
    private static final String FILE = "lock-holders";
    private static final int OWNER_ONLY = 0600;

    private static @Nullable LockHolders shared;

    private final ByteBuffer table;
    private final long self;
    private volatile boolean lost;

    @SuppressWarnings("UnusedVariable") // what is not kept might not be made
    private int[][] entered = {};

    private LockHolders(ByteBuffer table) {
        this.table = table;
        ProcessIdentity identity = ProcessIdentity.self();
        this.self = LockHolderLayout.holder(identity.pid(), identity.startTime());
    }

    /** Who holds a lock, as the table says. */
    public record Holder(long pid, int startTime, long sinceMillis) {
        /** Whether that very process is alive. */
        public boolean isAlive() {
            ProcessIdentity identity = pid == 0 ? null : ProcessIdentity.of(pid);
            return identity != null && (int) identity.startTime() == startTime;
        }
    }

    /** This user's table, made if it is missing; null if there is none that could be used. */
    public static synchronized @Nullable LockHolders shared() {
        if (shared == null || shared.lost) {
            try {
                shared = open(RuntimeDirectory.make().resolve(FILE));
            } catch (IOException e) {
                return null; // without news; who comes next tries again
            }
        }
        return shared;
    }

    /**
     * The table in a file, which is made if it is missing.
     *
     * @throws IOException if it cannot be made or may not be trusted
     */
    public static LockHolders open(Path path) throws IOException {
        int flags = Fcntl.O_RDWR | Fcntl.O_NOFOLLOW | Fcntl.O_NONBLOCK | Fcntl.O_CREAT;
        try (Fd fd = OsCalls.open(path.toString(), flags, OWNER_ONLY)) {
            FileStatus status = OsCalls.status(fd.number());
            if (status.type() != FileStatus.REGULAR
                    || status.uid() != ProcessCalls.effectiveUser()
                    || status.links() != 1) {
                throw new IpcException(path + " cannot be trusted as table of lock holders; remove it");
            }
            if (status.permissions() != OWNER_ONLY) {
                OsCalls.changeMode(fd.number(), OWNER_ONLY); // the umask of who made it
            }
            // Of several who make it each does all of this: none of it changes what is there.
            if (MemoryCalls.allocate(fd, LockHolderLayout.FILE_BYTES) != 0) {
                throw new IpcException(path + ": no space for the table of lock holders");
            }
            ByteBuffer table = Mapping.of(fd.number(), false, 0, LockHolderLayout.FILE_BYTES, path.toString())
                    .order(ByteOrder.LITTLE_ENDIAN);
            requireHeader(table, path);
            return new LockHolders(table);
        }
    }

    private static void requireHeader(ByteBuffer table, Path path) throws IpcException {
        try {
            if (Words.getLongAcquire(table, LockHolderLayout.MAGIC_OFFSET) == 0) {
                Words.set(table, LockHolderLayout.VERSION_OFFSET, LockHolderLayout.VERSION);
                Words.set(table, LockHolderLayout.ENTRIES_OFFSET, LockHolderLayout.ENTRIES);
                Words.setLong(table, LockHolderLayout.END_OFFSET, LockHolderLayout.MAGIC);
                // Who sees the magic sees the rest of the header.
                Words.setLongRelease(table, LockHolderLayout.MAGIC_OFFSET, LockHolderLayout.MAGIC);
            }
            if (Words.getLongAcquire(table, LockHolderLayout.MAGIC_OFFSET) != LockHolderLayout.MAGIC
                    || Words.get(table, LockHolderLayout.VERSION_OFFSET) != LockHolderLayout.VERSION
                    || Words.get(table, LockHolderLayout.ENTRIES_OFFSET) != LockHolderLayout.ENTRIES
                    || Words.getLong(table, LockHolderLayout.END_OFFSET) != LockHolderLayout.MAGIC) {
                throw new IpcException(path + " is no table of lock holders of version " + LockHolderLayout.VERSION);
            }
        } catch (InternalError e) {
            throw new IpcException(path + " is being cut off", e);
        }
    }

    /** Whether it still tells anything. */
    public boolean isUsable() {
        return !lost;
    }

    /**
     * This process has the lock exclusively.
     *
     * @return whether the last one who had it so died with it
     */
    public boolean enter(long key) {
        if (lost) {
            return false;
        }
        try {
            int entry = find(key);
            boolean died = entry >= 0;
            if (!died) {
                entry = claim(key);
            }
            if (entry >= 0) {
                Words.setLong(table, entry + LockHolderLayout.HOLDER, self);
                Words.setLongRelease(table, entry + LockHolderLayout.SINCE, System.currentTimeMillis());
            }
            meetFault();
            return died;
        } catch (InternalError e) {
            lost = true; // somebody has cut off the file
            return false;
        }
    }

    /** This process has the lock exclusively, and is about to give it back. */
    public void leave(long key) {
        take(key);
    }

    /**
     * This process has the lock, exclusively or shared: takes the news that the last one who had it exclusively died with it.
     *
     * @return false if it did not, or another one has taken the news
     */
    public boolean take(long key) {
        if (lost) {
            return false;
        }
        try {
            int entry = find(key);
            // Of several who share the lock one gets the news. What was done under the lock comes before.
            boolean taken = entry >= 0 && Words.compareAndSet(table, entry + LockHolderLayout.KEY, key, 0L);
            meetFault();
            return taken;
        } catch (InternalError e) {
            lost = true;
            return false;
        }
    }

    /** Who has the lock exclusively, or died with it, as far as the table says; no lock is needed. */
    public @Nullable Holder holder(long key) {
        if (lost) {
            return null;
        }
        try {
            int entry = find(key);
            if (entry < 0) {
                meetFault();
                return null;
            }
            long since = Words.getLongAcquire(table, entry + LockHolderLayout.SINCE);
            long holder = Words.getLongAcquire(table, entry + LockHolderLayout.HOLDER);
            meetFault();
            return new Holder(holder & 0xffffffffL, (int) (holder >>> 32), since);
        } catch (InternalError e) {
            lost = true;
            return null;
        }
    }

    /**
     * Compiled code of Java 17 goes on after it has touched what was cut off, and gets the error when it next enters the
     * virtual machine: that is to be here, and not in the middle of the lock.
     */
    private void meetFault() {
        if (Words.getLongVolatile(table, LockHolderLayout.END_OFFSET) != LockHolderLayout.MAGIC) {
            lost = true;
            int one = lost ? 1 : 0;
            entered = new int[one][one]; // compiled or not, an array of arrays is made by the virtual machine
        }
    }

    private int find(long key) {
        int home = LockHolderLayout.home(key);
        for (int i = 0; i < LockHolderLayout.WINDOW; i++) {
            int entry = LockHolderLayout.entry(home + i);
            if (Words.getLongAcquire(table, entry + LockHolderLayout.KEY) == key) {
                return entry;
            }
        }
        return -1;
    }

    private int claim(long key) {
        int home = LockHolderLayout.home(key);
        for (int i = 0; i < LockHolderLayout.WINDOW; i++) {
            int entry = LockHolderLayout.entry(home + i);
            if (Words.compareAndSet(table, entry + LockHolderLayout.KEY, 0L, key)) {
                return entry;
            }
        }
        return claimOfTheDead(home, key);
    }

    /** All places are taken: the one of a holder who is dead, and whose lock nobody has wanted since, if there is one. */
    private int claimOfTheDead(int home, long key) {
        for (int i = 0; i < LockHolderLayout.WINDOW; i++) {
            int entry = LockHolderLayout.entry(home + i);
            long other = Words.getLongAcquire(table, entry + LockHolderLayout.KEY);
            long holder = Words.getLongAcquire(table, entry + LockHolderLayout.HOLDER);
            if (!new Holder(holder & 0xffffffffL, (int) (holder >>> 32), 0).isAlive()
                    && Words.compareAndSet(table, entry + LockHolderLayout.KEY, other, key)) {
                return entry;
            }
        }
        return -1; // full: no news of this holder
    }
}

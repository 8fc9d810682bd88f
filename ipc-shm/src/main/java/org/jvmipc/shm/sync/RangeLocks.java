package org.jvmipc.shm.sync;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jvmipc.internal.posix.Fcntl;
import org.jvmipc.internal.posix.Fd;
import org.jvmipc.internal.posix.OsCalls;
import org.jvmipc.internal.registry.ObjectFile;
import org.jvmipc.shm.internal.LockHolders;
import org.jvmipc.shm.internal.ThreadWait;
import org.jvmipc.shm.internal.ThreadWaits;

/** The {@link RangeLock}s of this JVM: one per file and range, there as long as a handle or a hold needs it. */
final class RangeLocks {
    private static final Map<RangeKey, RangeLock> LOCKS = new HashMap<>();

    static {
        ThreadWaits.add(new Source());
    }

    private RangeLocks() {}

    /** For those who look for deadlocks. */
    private static final class Source implements ThreadWaits.Source {
        @Override
        public List<ThreadWait> waits() {
            List<ThreadWait> waits = new ArrayList<>();
            all().forEach(each -> each.waits(waits));
            return waits;
        }

        @Override
        public void holds(ThreadWaits.Holds visitor) {
            all().forEach(each -> each.holds(visitor));
        }
    }

    /**
     * Does what takes a JVM a quarter of a second when it is done first. With the registry's lock held that would add up, when
     * many JVMs open one file at once, to more than the last of them has patience for.
     */
    static void prepare() {
        LockHolders.shared();
        synchronized (RangeLocks.class) {
            LOCKS.remove(new RangeKey(0, 0, 0, 0, 0)); // which nobody has: for the hash code of a record
        }
    }

    /** The one of this range of the file, with one handle more. */
    static RangeLock attach(ObjectFile file, long start, long length) throws IOException {
        return attach(RangeKey.of(file.status(), start, length), () -> file.open(Fcntl.O_RDWR | Fcntl.O_NONBLOCK));
    }

    /** The same of a file that is new, whose descriptor is the lock's from now on. */
    static RangeLock attach(Fd file, long start, long length) throws IOException {
        return attach(RangeKey.of(OsCalls.status(file.number()), start, length), () -> file);
    }

    private interface Opening {
        Fd open() throws IOException;
    }

    private static synchronized RangeLock attach(RangeKey key, Opening opening) throws IOException {
        RangeLock lock = LOCKS.get(key);
        if (lock == null) {
            LockHolders holders = LockHolders.shared();
            lock = new RangeLock(key, opening.open(), holders);
            LOCKS.put(key, lock);
        }
        lock.attach();
        return lock;
    }

    /** Does away with a lock if nobody needs it any more. */
    static synchronized void retire(RangeLock lock) {
        if (LOCKS.get(lock.key()) == lock && lock.closeIfUnused()) {
            LOCKS.remove(lock.key());
        }
    }

    static synchronized List<RangeLock> all() {
        return new ArrayList<>(LOCKS.values());
    }
}

package org.jvmipc.shm.sync;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jvmipc.Address;
import org.jvmipc.process.ParentJvm;
import org.jvmipc.testkit.Await;
import org.jvmipc.testkit.ChildProgram;

/**
 * Takes all locks but the last one, then, when the latch is open, the last one, and gives all back. A lock is {@code lock mutex:/m},
 * {@code read rwlock:/r}, {@code write rwlock:/r}, {@code lock lock:/f}, {@code share lock:/f}; {@code try mutex:/m} is given up after a minute.
 */
final class LockingChild implements ChildProgram {
    @Override
    public void run(ParentJvm parent, String[] arguments) throws Exception {
        try (SharedLatch go = SharedLatch.open(Address.of(arguments[0]))) {
            List<Hold> holds = new ArrayList<>();
            int last = arguments.length - 1;
            for (int i = 1; i < last; i++) {
                holds.add(take(arguments[i]));
            }
            parent.ready();
            go.await();
            holds.add(takeTheLast(arguments[last]));
            for (Hold hold : holds) {
                hold.close();
            }
        }
    }

    private static Hold takeTheLast(String lock) throws Exception {
        return take(lock);
    }

    static Hold take(String lock) throws Exception {
        String how = lock.substring(0, lock.indexOf(' '));
        Address address = Address.of(lock.substring(how.length() + 1));
        return switch (address.scheme()) {
            case "mutex" -> take(how, SharedMutex.open(address));
            case "rwlock" -> take(how, SharedReadWriteLock.open(address));
            default -> take(how, FileMutex.open(Path.of(address.location())));
        };
    }

    private static Hold take(String how, SharedMutex mutex) throws Exception {
        Hold hold = how.equals("try") ? mutex.tryLock(Await.LONG) : mutex.lock();
        if (hold == null) {
            throw new IllegalStateException(mutex + " was not free in " + Await.LONG);
        }
        return hold;
    }

    private static Hold take(String how, SharedReadWriteLock lock) throws Exception {
        return how.equals("read") ? lock.readLock() : lock.writeLock();
    }

    private static Hold take(String how, FileMutex lock) throws Exception {
        return how.equals("share") ? lock.lockShared() : lock.lock();
    }
}

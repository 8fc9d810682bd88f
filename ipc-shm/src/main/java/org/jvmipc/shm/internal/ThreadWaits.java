package org.jvmipc.shm.internal;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/**
 * Tells other processes which threads of this JVM wait for a lock and hold others. Those who take and give locks do nothing for it:
 * the threads that look after them twice a second find who has waited since the look before, and what he holds. That cannot change
 * while he waits. Who holds nothing is part of no deadlock, and not told of.
 *
 * <p><b>Thread safety.</b> Yes.
 */
public final class ThreadWaits {
    private static final long PERIOD_NANOS = TimeUnit.MILLISECONDS.toNanos(400);

    private static final List<Source> SOURCES = new CopyOnWriteArrayList<>();

    private static long lastLook = System.nanoTime() - PERIOD_NANOS;

    private ThreadWaits() {}

    /** Locks of this JVM, and their waiters. */
    public interface Source {
        /** Who waits now. */
        List<ThreadWait> waits();

        /** Calls the visitor with each lock that a thread holds. */
        void holds(Holds visitor);
    }

    /** Is told what threads hold. */
    public interface Holds {
        /** The thread holds the lock. */
        void add(Thread thread, LockClaim lock);
    }

    /** Adds locks that are not in segments. */
    public static void add(Source source) {
        SOURCES.add(source);
    }

    /** Looks who waits, and tells of it; to be called twice a second by each thread that looks after locks. */
    public static synchronized void look() {
        long now = System.nanoTime();
        if (now - lastLook < PERIOD_NANOS) {
            return;
        }
        lastLook = now;
        List<Membership> members = SegmentWatch.allMembers();
        List<ThreadWait> due = new ArrayList<>();
        members.forEach(each -> addDue(due, each.waits().ofLocks()));
        SOURCES.forEach(each -> addDue(due, each.waits()));
        if (!due.isEmpty()) {
            tell(due, members);
        }
    }

    private static void addDue(List<ThreadWait> due, List<ThreadWait> waits) {
        waits.stream().filter(ThreadWait::isDue).forEach(due::add);
    }

    private static void tell(List<ThreadWait> due, List<Membership> members) {
        IdentityHashMap<Thread, List<LockClaim>> holds = new IdentityHashMap<>();
        due.forEach(each -> holds.put(each.thread(), new ArrayList<>()));
        Holds visitor = (thread, lock) -> {
            List<LockClaim> ofThread = holds.get(thread);
            if (ofThread != null) {
                ofThread.add(lock);
            }
        };
        members.forEach(each -> each.holds(visitor));
        SOURCES.forEach(each -> each.holds(visitor));
        for (ThreadWait each : due) {
            List<LockClaim> held = holds.getOrDefault(each.thread(), List.of());
            BlockedThreads table = held.isEmpty() ? null : BlockedThreads.shared();
            if (held.isEmpty()) {
                each.leaveUntold();
            } else if (table == null || !each.tell(table, held)) {
                return; // nor is there room for the others: the next look tries again
            }
        }
    }
}

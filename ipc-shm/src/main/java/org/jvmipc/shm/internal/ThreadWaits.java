package org.jvmipc.shm.internal;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

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

    /**
     * Looks who waits, and tells of it; to be called twice a second by each thread that looks after locks. None of them is to end by it, so
     * it throws nothing: what goes wrong, for want of memory say, the next look does.
     */
    public static synchronized void look() {
        long now = System.nanoTime();
        if (now - lastLook < PERIOD_NANOS) {
            return;
        }
        lastLook = now;
        try {
            lookAtAll();
        } catch (RuntimeException | Error e) {
            // Nobody decides by what is told.
        }
    }

    private static void lookAtAll() {
        List<Membership> members = SegmentWatch.allMembers();
        List<ThreadWait> lasting = new ArrayList<>();
        members.forEach(each -> addLasting(lasting, each.waits().ofLocks()));
        SOURCES.forEach(each -> addLasting(lasting, each.waits()));
        tell(
                lasting,
                visitor -> {
                    members.forEach(each -> each.holds(visitor));
                    SOURCES.forEach(each -> each.holds(visitor));
                },
                BlockedThreads::shared);
    }

    private static void addLasting(List<ThreadWait> lasting, List<ThreadWait> waits) {
        waits.stream().filter(ThreadWait::lasts).forEach(lasting::add);
    }

    /**
     * Tells of those who are not told of yet in the table, as it is now.
     *
     * @param locks calls the visitor with each lock that a thread holds
     * @param tables the table, or null if there is none; asked only if there is something to tell, or was
     */
    static void tell(List<ThreadWait> lasting, Consumer<Holds> locks, Supplier<@Nullable BlockedThreads> tables) {
        BlockedThreads table = lasting.stream().anyMatch(ThreadWait::isTold) ? tables.get() : null;
        List<ThreadWait> due = new ArrayList<>();
        for (ThreadWait each : lasting) {
            if (table == null || !each.isTold(table)) {
                due.add(each);
            }
        }
        IdentityHashMap<Thread, List<LockClaim>> holds = due.isEmpty() ? new IdentityHashMap<>() : holds(due, locks);
        for (ThreadWait each : due) {
            List<LockClaim> held = holds.getOrDefault(each.thread(), List.of());
            if (held.isEmpty()) {
                each.leaveUntold();
            } else if (!hasJustGot(each.waitsFor(), held)) {
                table = table == null ? tables.get() : table;
                if (table == null || !each.tell(table, held)) {
                    return; // nor is there room for the others: the next look tries again
                }
            }
        }
    }

    private static IdentityHashMap<Thread, List<LockClaim>> holds(List<ThreadWait> waits, Consumer<Holds> locks) {
        IdentityHashMap<Thread, List<LockClaim>> holds = new IdentityHashMap<>();
        waits.forEach(each -> holds.put(each.thread(), new ArrayList<>()));
        locks.accept((thread, lock) -> {
            List<LockClaim> ofThread = holds.get(thread);
            if (ofThread != null) {
                ofThread.add(lock);
            }
        });
        return holds;
    }

    /**
     * Whether the thread has what it waits for, and has not come to say so: told of, it would wait for itself. The next writer
     * of a read-write lock has it, and does wait, for the readers to leave.
     */
    private static boolean hasJustGot(LockClaim wanted, List<LockClaim> holds) {
        return wanted.mode() != LockClaim.Mode.ALONE
                && holds.contains(new LockClaim(
                        wanted.kind(),
                        LockClaim.Mode.EXCLUSIVE,
                        wanted.device(),
                        wanted.inode(),
                        wanted.start(),
                        wanted.length()));
    }
}

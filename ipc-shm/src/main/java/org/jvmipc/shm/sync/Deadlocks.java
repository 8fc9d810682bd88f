package org.jvmipc.shm.sync;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.jvmipc.internal.Deadline;
import org.jvmipc.process.ProcessIdentity;
import org.jvmipc.shm.internal.BlockedThread;
import org.jvmipc.shm.internal.BlockedThreads;
import org.jvmipc.shm.internal.LockClaim;
import org.jvmipc.shm.internal.LockPlaces;
import org.jvmipc.shm.internal.Participant;
import org.jvmipc.shm.internal.SegmentObjects;

/**
 * Finds deadlocks between threads of this user's processes: cycles in the wait-for graph.
 *
 * <pre>{@code
 * for (Deadlock deadlock : Deadlocks.find()) {
 *     for (Deadlock.Waiting each : deadlock.threads()) {
 *         System.out.println(each.process().pid() + " waits for " + each.waitsFor().address());
 *     }
 * }
 * }</pre>
 *
 * <p>Looked at are locks whose holder is a thread: {@link SharedMutex}, also where a {@link SharedCondition} waits for it again, {@link
 * SharedReadWriteLock} with its readers, {@link FileMutex}, exclusive or shared. Not seen are: a {@link SharedSemaphore}, whose permits
 * belong to a process, any thread of which may give them back; what any thread may signal (condition, event, latch, barrier, message);
 * monitors and locks within one JVM; the queue of a {@link FileMutex} within one JVM, where who waits for those who came before him
 * waits for no holder; file locks of other programs; processes with another runtime directory. At most 256 threads of all processes
 * are told of at a time, and of each at most 10 locks that it holds: a cycle through others is not seen.
 *
 * <p>A process tells of a thread that waits for a lock and holds another, in a table in the runtime directory. Locking does nothing for it: a
 * thread that looks twice a second finds who has waited since the look before. So a deadlock is found a second after it came to be.
 * Here the table is looked at twice, some 50 ms apart: only a thread that was in one and the same wait both times counts, and what it
 * holds was held all the time between. Then the locks themselves are asked whether its process has them. A long wait is no deadlock, nor is a
 * holder that is stopped; a killed process is in none.
 *
 * <p><b>Thread safety.</b> Stateless. Nothing is changed and no lock is taken.
 *
 * <p><b>Platform notes.</b> Linux.
 */
public final class Deadlocks {
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(50);

    private Deadlocks() {}

    /**
     * The deadlocks that there are.
     *
     * @return in no order; each thread is in one of them at least, if it is in any
     * @throws IOException as {@link #search}
     */
    public static List<Deadlock> find() throws IOException {
        return search().deadlocks();
    }

    /**
     * Looks for deadlocks, and tells besides what there was to be looked at. Takes some 50 ms if there may be one.
     *
     * @throws org.jvmipc.CorruptDataException if the table of blocked threads is damaged
     * @throws IOException if it, or the records of locks, cannot be read
     */
    public static DeadlockSearch search() throws IOException {
        LockPlaces places = new LockPlaces();
        places.addAll(SegmentObjects.MUTEX.own().files());
        places.addAll(SegmentObjects.READ_WRITE_LOCK.own().files());
        places.addAll(SegmentObjects.SEGMENTS.files());
        places.addAll(LockFiles.OBJECTS);
        List<BlockedThread> before = BlockedThreads.look();
        List<Deadlock> deadlocks = new ArrayList<>();
        if (!new WaitGraph(before, (lock, thread) -> true).cycles().isEmpty()) {
            pause();
            // The same wait, serial and all.
            List<BlockedThread> still = new ArrayList<>(BlockedThreads.look());
            still.retainAll(before);
            for (List<BlockedThread> cycle : new WaitGraph(still, places::isHeld).cycles()) {
                Deadlock deadlock = deadlock(cycle, places);
                if (deadlock != null) {
                    deadlocks.add(deadlock);
                }
            }
        }
        return new DeadlockSearch(deadlocks, places.locks(), places.problems());
    }

    private static void pause() {
        for (Deadline end = Deadline.after(BETWEEN_LOOKS); !end.passed(); ) {
            LockSupport.parkNanos(end.remainingNanos());
            if (Thread.currentThread().isInterrupted()) {
                return; // kept; the looks are the closer together
            }
        }
    }

    private static @Nullable Deadlock deadlock(List<BlockedThread> cycle, LockPlaces places) {
        List<Deadlock.Waiting> threads = new ArrayList<>();
        for (int i = 0; i < cycle.size(); i++) {
            BlockedThread before = cycle.get((i + cycle.size() - 1) % cycle.size());
            Deadlock.Waiting waiting = waiting(cycle.get(i), before, places);
            if (waiting == null) {
                return null; // it has come to an end just now
            }
            threads.add(waiting);
        }
        return new Deadlock(threads);
    }

    private static Deadlock.@Nullable Waiting waiting(BlockedThread thread, BlockedThread before, LockPlaces places) {
        Deadlock.Lock waitsFor = lock(thread.waitsFor(), thread, places);
        ProcessIdentity process = process(thread, places);
        LockClaim blocking = thread.blocks(before);
        if (waitsFor == null || process == null || blocking == null) {
            return null;
        }
        List<LockClaim> inOrder = new ArrayList<>(thread.holds());
        inOrder.remove(blocking);
        inOrder.add(0, blocking);
        List<Deadlock.Lock> holds = new ArrayList<>();
        for (LockClaim each : inOrder) {
            Deadlock.Lock held = lock(each, thread, places);
            if (held != null) {
                holds.add(held);
            }
        }
        return new Deadlock.Waiting(
                process, thread.thread(), Instant.ofEpochMilli(thread.sinceMillis()), thread.timed(), waitsFor, holds);
    }

    private static Deadlock.@Nullable Lock lock(LockClaim claim, BlockedThread thread, LockPlaces places) {
        LockPlaces.Found found = places.find(claim, thread);
        return found == null
                ? null
                : new Deadlock.Lock(
                        claim.kind() == LockClaim.Kind.RANGE
                                ? LockAddress.of(found.address(), claim.start(), claim.length())
                                : found.address(),
                        Deadlock.Mode.valueOf(claim.mode().name()),
                        found.removed());
    }

    /** One of another pid namespace is known by its place in a segment. */
    private static @Nullable ProcessIdentity process(BlockedThread thread, LockPlaces places) {
        ProcessIdentity visible = thread.visibleProcess();
        if (visible != null) {
            return visible;
        }
        Participant participant = places.participant(thread.waitsFor(), thread);
        return participant == null || participant.pid() < 1
                ? null
                : new ProcessIdentity(
                        participant.pid(),
                        participant.startTime(),
                        ProcessIdentity.self().bootId(),
                        participant.pidNamespace());
    }
}

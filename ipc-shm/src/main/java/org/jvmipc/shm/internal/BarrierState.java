package org.jvmipc.shm.internal;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jvmipc.internal.Deadline;
import org.jvmipc.internal.posix.FutexWait;

/**
 * The protocol of a barrier, as one handle sees it. All of its state is one word: how many have arrived in which generation, whether it is
 * broken, and how the generations before have ended, for who is late to look. Who arrives last begins the next generation, in one
 * step. A sequence is the futex: who waits sets its bit, looks at the state, and sleeps; who has changed the state counts it up,
 * and wakes all. Who gives up takes back his arrival in one step, or finds that his generation has ended. A participant that dies breaks
 * the barrier, by the repair of its slot. {@code docs/protocols/barrier.pml} is the model of it.
 *
 * <p><b>Thread safety.</b> Yes.
 */
public final class BarrierState {
    /** What {@link #await} answers to who did not go through and is not to be told more. */
    public static final int LEFT = -1;

    /** What {@link #await} answers where a participant has died, before or meanwhile. */
    public static final int BROKEN = -2;

    /** What {@link #await} answers when the barrier was reset meanwhile. */
    public static final int RESET = -3;

    private final SegmentHandle segment;
    private final Membership self;
    private final SegmentMemory memory;
    private final ByteBuffer bytes;
    private final int offset;
    private final int sequence;
    private final int state;
    private final int parties;
    private final BarrierMember member;
    private final AtomicBoolean closed = new AtomicBoolean();

    private BarrierState(SegmentHandle segment, Directory.Entry entry) {
        this.segment = segment;
        this.self = segment.membership();
        this.memory = self.memory();
        this.bytes = memory.bytes();
        this.offset = entry.offset();
        this.sequence = offset + BarrierLayout.SEQUENCE;
        this.state = offset + BarrierLayout.STATE;
        this.parties = parties(memory, entry);
        this.member = self.barrierMember(BarrierMember.word(memory, entry, self.slot()));
    }

    /** The one that lies there; this process takes part from here on. */
    public static BarrierState of(SegmentHandle segment, Directory.Entry entry) {
        BarrierState made = new BarrierState(segment, entry);
        made.member.enter();
        return made;
    }

    /** One to be made, for so many. */
    public static SegmentObjects.Content content(int parties) {
        if (parties < 1 || parties > BarrierLayout.MAX_PARTIES) {
            throw new IllegalArgumentException(
                    "parties is " + parties + "; a barrier has 1 to " + BarrierLayout.MAX_PARTIES);
        }
        return new SegmentObjects.Content(
                BarrierLayout.MEMBERS,
                BarrierLayout.MEMBER_BYTES,
                (memory, offset) -> Words.set(memory, offset + BarrierLayout.PARTIES, parties));
    }

    static int parties(SegmentMemory memory, Directory.Entry entry) {
        int parties = Words.get(memory.bytes(), entry.offset() + BarrierLayout.PARTIES);
        if (parties < 1 || parties > BarrierLayout.MAX_PARTIES) {
            throw memory.damaged(entry.name() + " is a barrier of " + parties + " parties");
        }
        return parties;
    }

    /** Closes the handle. This process takes part no longer when the last one is closed, and nobody waits in it any more. */
    public void close() {
        if (closed.compareAndSet(false, true)) {
            try {
                member.leave();
            } catch (InternalError e) {
                LateErrors.come(); // the memory is lost: nobody reads it there
            } finally {
                segment.close();
            }
        }
    }

    /** How many meet. */
    public int parties() {
        return parties;
    }

    /** How many have arrived. */
    public int arrived() {
        return BarrierLayout.arrived(state());
    }

    /** Whether a participant has died since it was made or reset. */
    public boolean isBroken() {
        return BarrierLayout.isBroken(state());
    }

    /** The pid of the last one that has broken it. */
    public int brokenBy() {
        return Words.getAcquire(bytes, offset + BarrierLayout.BROKEN_BY);
    }

    private long state() {
        return Words.getLongVolatile(bytes, state);
    }

    private boolean change(long from, long to) {
        return Words.compareAndSet(bytes, state, from, to);
    }

    // ---- meeting

    /**
     * Arrives, and waits for the others.
     *
     * @return 0 for who came last, how many were still to come for others; or {@link #LEFT}, {@link #BROKEN}, {@link #RESET}
     * @throws InterruptedException if interrupted before or while waiting, and not through; the arrival is taken back
     */
    public int await(Blocked handle, Deadline deadline) throws InterruptedException {
        long passage = pass(handle, deadline);
        return passage < 0 ? (int) passage : toCome(passage);
    }

    /**
     * The same.
     *
     * @return of who went through a passage, 0 or more; or what {@link #await} answers
     */
    public long pass(Blocked handle, Deadline deadline) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        if (!self.begin()) {
            return LEFT;
        }
        try {
            member.enter();
            try {
                return arrive(handle, deadline);
            } finally {
                member.leave();
                self.settle();
            }
        } finally {
            self.end();
        }
    }

    private static long passage(int generation, int toCome) {
        return Integer.toUnsignedLong(generation) << BarrierLayout.GENERATION_SHIFT | toCome;
    }

    /** Of a passage, how many were still to come. */
    public static int toCome(long passage) {
        return (int) passage & BarrierLayout.MAX_PARTIES;
    }

    /** Of a passage, through which generation, from 0. */
    public static long generation(long passage) {
        return passage >>> BarrierLayout.GENERATION_SHIFT;
    }

    private long arrive(Blocked handle, Deadline deadline) throws InterruptedException {
        int seen = Words.getVolatile(bytes, sequence) & BarrierLayout.COUNT;
        for (int rounds = 0; ; rounds = Spin.again(rounds)) {
            long now = state();
            if (BarrierLayout.isBroken(now)) {
                return BROKEN;
            }
            int toCome = parties - BarrierLayout.arrived(now) - 1;
            if (toCome <= 0) {
                if (change(now, BarrierLayout.next(now, true))) {
                    changed();
                    return passage(BarrierLayout.generation(now), 0);
                }
            } else if (deadline.isNow()) {
                return LEFT;
            } else if (change(now, now + 1)) {
                handle.spin().untilNot(bytes, sequence, BarrierLayout.COUNT, seen);
                int generation = BarrierLayout.generation(now);
                int ended = ended(generation);
                int answer = ended == 0 ? sleep(handle, generation, deadline) : ended;
                return answer == COMPLETE ? passage(generation, toCome) : answer;
            }
        }
    }

    private static final int COMPLETE = 1;

    /** How the generation has ended, 0 if it has not. */
    private int ended(int generation) {
        long now = state();
        if (BarrierLayout.generation(now) != generation) {
            return BarrierLayout.wasComplete(now, generation) ? COMPLETE : RESET;
        }
        return BarrierLayout.isBroken(now) ? BROKEN : 0;
    }

    private int sleep(Blocked handle, int generation, Deadline deadline) throws InterruptedException {
        try (Wait wait = new Wait(self, handle, offset)) {
            for (int rounds = 0; ; rounds = Spin.again(rounds)) {
                int value = Words.getVolatile(bytes, sequence);
                int signed = value | BarrierLayout.WAITERS;
                if (value != signed && !Words.compareAndSet(bytes, sequence, value, signed)) {
                    continue;
                }
                // After the bit: who changes the state from here on wakes this thread.
                int ended = ended(generation);
                if (ended != 0) {
                    return ended;
                }
                if (wait.await(sequence, signed, deadline) != FutexWait.WOKEN) {
                    return takeBack(generation);
                }
            }
        } catch (InterruptedException e) {
            if (takeBack(generation) == COMPLETE) {
                Thread.currentThread().interrupt(); // through all the same
                return COMPLETE;
            }
            throw e;
        }
    }

    private int takeBack(int generation) {
        for (int rounds = 0; ; rounds = Spin.again(rounds)) {
            int ended = ended(generation);
            if (ended != 0) {
                return ended;
            }
            long now = state();
            if (BarrierLayout.generation(now) != generation || BarrierLayout.isBroken(now)) {
                continue;
            }
            if (BarrierLayout.arrived(now) == 0) {
                throw memory.damaged("the arrivals at the barrier at " + offset + " were changed by somebody");
            }
            if (change(now, now - 1)) {
                return LEFT;
            }
        }
    }

    private void changed() {
        EventCountState.advance(memory, sequence);
    }

    /** Begins a generation where nobody has arrived, and which is not broken; who waits is told. */
    public void reset() {
        boolean stays = self.begin(); // so that those who sleep are woken by a repair, should this process die at it
        try {
            for (int rounds = 0; ; rounds = Spin.again(rounds)) {
                long now = state();
                if (change(now, BarrierLayout.next(now, false))) {
                    changed();
                    self.settle();
                    return;
                }
            }
        } finally {
            if (stays) {
                self.end();
            }
        }
    }
}

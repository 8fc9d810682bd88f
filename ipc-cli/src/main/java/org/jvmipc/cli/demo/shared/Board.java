package org.jvmipc.cli.demo.shared;

import org.jvmipc.shm.MemoryArea;
import org.jvmipc.shm.SharedLong;

/**
 * A counter in shared memory that a lock guards, as one of its members sees it. It is counted by a load and a store, so that
 * every lapse of the lock shows; each member keeps its own tally beside it, before and after each turn, so that it is known
 * exactly what a killed one has counted.
 *
 * <p>The order of stores matters only for the case that the process is killed in between: a release keeps them in the order in
 * which they are written here. Everything else is ordered by the lock.
 *
 * <p><b>Thread safety.</b> Of the thread that holds the lock.
 */
public final class Board {
    private final MemoryArea area;
    private final int number;
    private final SharedLong holder;
    private final SharedLong counter;
    private final SharedLong copy;
    private final SharedLong before;
    private final SharedLong begun;
    private final SharedLong done;

    /** The view of a member by its number. */
    public Board(MemoryArea area, int number) {
        this.area = area;
        this.number = number;
        holder = area.int64(BoardLayout.HOLDER_OFFSET);
        counter = area.int64(BoardLayout.COUNTER_OFFSET);
        copy = area.int64(BoardLayout.COPY_OFFSET);
        before = ofMember(number, BoardLayout.BEFORE_OFFSET);
        begun = ofMember(number, BoardLayout.BEGUN_OFFSET);
        done = ofMember(number, BoardLayout.DONE_OFFSET);
    }

    /** How large an area it takes for so many members. */
    public static int bytes(int members) {
        return BoardLayout.member(members + 1);
    }

    private SharedLong ofMember(int member, int offset) {
        return area.int64(BoardLayout.member(member) + offset);
    }

    /**
     * Goes in, with the lock held.
     *
     * @param deathIsKnown whether the last holder is known to have died with the lock
     */
    public void enter(boolean deathIsKnown) {
        long inside = holder.get();
        if (inside != 0 && deathIsKnown) {
            takeOver((int) inside);
        } else if (inside != 0) {
            area.int64(BoardLayout.INTRUDERS_OFFSET).getAndAdd(1);
        }
        add(BoardLayout.member(number) + BoardLayout.HOLDS_OFFSET);
        holder.setRelease(number);
    }

    /** The same with a fencing number. */
    public void enter(boolean deathIsKnown, long fence) {
        enter(deathIsKnown);
        SharedLong last = area.int64(BoardLayout.FENCE_OFFSET);
        if (fence <= last.get()) {
            add(BoardLayout.BAD_FENCES_OFFSET);
        }
        last.set(fence);
    }

    /** Goes out, with the lock still held. */
    public void leave() {
        if (holder.get() != number) {
            area.int64(BoardLayout.INTRUDERS_OFFSET).getAndAdd(1);
        }
        holder.setRelease(0);
    }

    /** Counts one. */
    public void count() {
        countHalf();
        copy.setRelease(counter.get());
        done.setRelease(begun.get());
    }

    /** Begins to count one, and leaves it as it would be if the process were killed in the middle. */
    public void countHalf() {
        long value = counter.get();
        before.set(value);
        begun.setRelease(begun.get() + 1);
        counter.setRelease(value + 1);
    }

    /** Whether this member was the last one inside, and has not left. */
    public boolean isHeldBy(int member) {
        return holder.getAcquire() == member;
    }

    /**
     * Looks at it, with the lock shared: nobody is inside then, and the two copies of the counter are the same.
     *
     * @param victim the member that may have died inside; 0: none
     */
    public void look(int victim) {
        long inside = holder.get();
        if (inside != 0 && inside != victim) {
            area.int64(BoardLayout.INTRUDERS_OFFSET).getAndAdd(1);
        }
        if (inside == 0 && counter.get() != copy.get()) {
            area.int64(BoardLayout.TORN_OFFSET).getAndAdd(1);
        }
    }

    /** Puts in order what a dead one has left: its turn counts if the counter has it. */
    private void takeOver(int dead) {
        area.int64(BoardLayout.TAKER_OFFSET).set(number);
        area.int64(BoardLayout.TAKEN_AT_OFFSET).set(System.nanoTime());
        add(BoardLayout.TAKINGS_OFFSET);
        SharedLong finished = ofMember(dead, BoardLayout.DONE_OFFSET);
        SharedLong started = ofMember(dead, BoardLayout.BEGUN_OFFSET);
        if (started.get() != finished.get()) {
            boolean counted =
                    counter.get() != ofMember(dead, BoardLayout.BEFORE_OFFSET).get();
            copy.set(counter.get());
            started.set(finished.get() + (counted ? 1 : 0));
            finished.setRelease(started.get());
        }
        holder.setRelease(0);
    }

    private void add(int offset) {
        SharedLong word = area.int64(offset);
        word.set(word.get() + 1);
    }
}

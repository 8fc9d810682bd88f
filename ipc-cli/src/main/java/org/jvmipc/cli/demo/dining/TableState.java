package org.jvmipc.cli.demo.dining;

import java.util.ArrayList;
import java.util.List;
import org.jvmipc.shm.MemoryArea;

/**
 * What is on a {@link DiningTable} when all is over.
 *
 * @param twoUsers how often a fork was picked up that had a user, or had another one when it was put down
 * @param together how often somebody ate beside one who ate
 * @param forks all, by their numbers
 * @param eaters all philosophers, in their order
 */
record TableState(long twoUsers, long together, List<ForkState> forks, List<Eater> eaters) {
    /**
     * A fork.
     *
     * @param user who has it; 0: nobody
     * @param uses how many meals were eaten with it
     * @param takings how often it was taken out of a dead one's hand
     * @param taker who has done that
     * @param takenAtNanos when, on the monotonic clock
     * @param wantedAtNanos since when that one has waited for it, on the same clock
     */
    record ForkState(long user, long uses, long takings, int taker, long takenAtNanos, long wantedAtNanos) {}

    /**
     * A philosopher.
     *
     * @param begun how many meals it has begun
     * @param eaten how many of them it has eaten up
     * @param contended how often it had to wait for both forks
     * @param longestNanos the longest time from being hungry to eating
     */
    record Eater(long begun, long eaten, long contended, long longestNanos) {}

    /** Looks at it. */
    static TableState of(MemoryArea area, int philosophers) {
        List<ForkState> forks = new ArrayList<>();
        List<Eater> eaters = new ArrayList<>();
        for (int i = 0; i < philosophers; i++) {
            int fork = TableLayout.fork(i);
            forks.add(new ForkState(
                    word(area, fork + TableLayout.USER_OFFSET),
                    word(area, fork + TableLayout.USES_OFFSET),
                    word(area, fork + TableLayout.TAKINGS_OFFSET),
                    (int) word(area, fork + TableLayout.TAKER_OFFSET),
                    word(area, fork + TableLayout.TAKEN_AT_OFFSET),
                    word(area, fork + TableLayout.WANTED_AT_OFFSET)));
            int eater = TableLayout.philosopher(i + 1, philosophers);
            eaters.add(new Eater(
                    word(area, eater + TableLayout.BEGUN_OFFSET),
                    word(area, eater + TableLayout.EATEN_OFFSET),
                    word(area, eater + TableLayout.CONTENDED_OFFSET),
                    word(area, eater + TableLayout.LONGEST_OFFSET)));
        }
        long twoUsers = word(area, TableLayout.TWO_USERS_OFFSET) + word(area, TableLayout.TAKEN_OFF_OFFSET);
        return new TableState(twoUsers, word(area, TableLayout.TOGETHER_OFFSET), forks, eaters);
    }

    private static long word(MemoryArea area, int offset) {
        return area.int64(offset).getVolatile();
    }

    /** The philosopher of that number. */
    Eater eater(int number) {
        return eaters.get(number - 1);
    }

    /** How many meals were eaten up, as each has noted. */
    long meals() {
        return eaters.stream().mapToLong(Eater::eaten).sum();
    }

    /** How many meals were eaten with the two philosophers' fork, as they have noted. */
    long mealsWith(int fork) {
        int left = fork == 0 ? eaters.size() : fork;
        return eater(left).eaten() + eater(fork + 1).eaten();
    }

    /** How many uses the forks have; two for each meal. */
    long uses() {
        return forks.stream().mapToLong(ForkState::uses).sum();
    }

    long contended() {
        return eaters.stream().mapToLong(Eater::contended).sum();
    }

    long longestNanos() {
        return eaters.stream().mapToLong(Eater::longestNanos).max().orElse(0);
    }

    /** How often a fork was taken out of a dead one's hand. */
    long takings() {
        return forks.stream().mapToLong(ForkState::takings).sum();
    }
}

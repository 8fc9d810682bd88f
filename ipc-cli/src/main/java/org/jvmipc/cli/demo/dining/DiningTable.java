package org.jvmipc.cli.demo.dining;

import org.jvmipc.shm.MemoryArea;
import org.jvmipc.shm.SharedLong;

/**
 * The round table in shared memory, as one philosopher sees it: who has which fork, and who eats. It guards nothing, that is for
 * the forks' mutexes; it is written by loads and stores, so that every lapse of these shows.
 *
 * <p><b>Thread safety.</b> Of one thread, which holds the mutexes of the forks that it names.
 */
final class DiningTable {
    /** The area, in the segment. */
    static final String AREA = "table";

    private final MemoryArea area;
    private final int philosophers;
    private final int number;
    private final SharedLong eating;
    private long wantedAtNanos;

    /** The view of a philosopher by its number. */
    DiningTable(MemoryArea area, int philosophers, int number) {
        this.area = area;
        this.philosophers = philosophers;
        this.number = number;
        this.eating = ofPhilosopher(number, TableLayout.EATING_OFFSET);
    }

    /** How large an area it takes for so many. */
    static int bytes(int philosophers) {
        return TableLayout.bytes(philosophers);
    }

    /** Of the two forks beside this philosopher the one with the lower number, which is picked up first. */
    int lower() {
        return Math.min(number - 1, number % philosophers);
    }

    /** The other one. */
    int higher() {
        return Math.max(number - 1, number % philosophers);
    }

    /** Begins to wait for the fork that it picks up next. */
    void want() {
        wantedAtNanos = System.nanoTime();
    }

    /**
     * Picks a fork up.
     *
     * @param deathIsKnown whether the last one who had it is known to have died with it in his hand
     */
    void pickUp(int fork, boolean deathIsKnown) {
        SharedLong user = ofFork(fork, TableLayout.USER_OFFSET);
        long before = user.get();
        if (before != 0 && deathIsKnown) {
            takeOver(fork, (int) before);
        } else if (before != 0) {
            area.int64(TableLayout.TWO_USERS_OFFSET).getAndAdd(1);
        }
        user.setRelease(number);
    }

    /** Takes a fork out of a dead one's hand, who eats no longer. */
    private void takeOver(int fork, int dead) {
        // By whichever neighbour is the first to know, and before he looks who eats.
        ofPhilosopher(dead, TableLayout.EATING_OFFSET).setVolatile(0);
        ofFork(fork, TableLayout.TAKER_OFFSET).set(number);
        ofFork(fork, TableLayout.WANTED_AT_OFFSET).set(wantedAtNanos);
        ofFork(fork, TableLayout.TAKEN_AT_OFFSET).set(System.nanoTime());
        add(TableLayout.fork(fork) + TableLayout.TAKINGS_OFFSET);
    }

    /**
     * Begins to eat, with both forks.
     *
     * @param hungryNanos how long it took to have them
     * @param contended whether it had to wait for both
     */
    void begin(long hungryNanos, boolean contended) {
        SharedLong longest = ofPhilosopher(number, TableLayout.LONGEST_OFFSET);
        longest.set(Math.max(longest.get(), hungryNanos));
        if (contended) {
            add(line() + TableLayout.CONTENDED_OFFSET);
        }
        add(line() + TableLayout.BEGUN_OFFSET);
        // First say so, then look: of two who eat side by side one at least sees the other.
        eating.setVolatile(1);
        int left = (number + philosophers - 2) % philosophers + 1;
        int right = number % philosophers + 1;
        if (eats(left) || eats(right)) {
            area.int64(TableLayout.TOGETHER_OFFSET).getAndAdd(1);
        }
    }

    private boolean eats(int neighbour) {
        return ofPhilosopher(neighbour, TableLayout.EATING_OFFSET).getVolatile() != 0;
    }

    /** Has eaten up, and still has both forks. */
    void finish() {
        for (int fork : new int[] {lower(), higher()}) {
            requireMine(fork);
            add(TableLayout.fork(fork) + TableLayout.USES_OFFSET);
        }
        add(line() + TableLayout.EATEN_OFFSET);
        eating.setVolatile(0);
    }

    /** Puts a fork down. */
    void putDown(int fork) {
        requireMine(fork);
        ofFork(fork, TableLayout.USER_OFFSET).setRelease(0);
    }

    private void requireMine(int fork) {
        if (ofFork(fork, TableLayout.USER_OFFSET).get() != number) {
            area.int64(TableLayout.TAKEN_OFF_OFFSET).getAndAdd(1);
        }
    }

    private int line() {
        return TableLayout.philosopher(number, philosophers);
    }

    private SharedLong ofFork(int fork, int offset) {
        return area.int64(TableLayout.fork(fork) + offset);
    }

    private SharedLong ofPhilosopher(int philosopher, int offset) {
        return area.int64(TableLayout.philosopher(philosopher, philosophers) + offset);
    }

    private void add(int offset) {
        SharedLong word = area.int64(offset);
        word.set(word.get() + 1);
    }
}

package org.jvmipc.cli.demo.dining;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.jvmipc.shm.MemoryArea;
import org.jvmipc.shm.SharedMemory;

/** What the table says of those who eat at it, by turns and not. */
@Timeout(20)
class DiningTableTest {
    private static final int PHILOSOPHERS = 3;

    private SharedMemory memory;
    private MemoryArea area;
    private DiningTable one;
    private DiningTable two;
    private DiningTable three;

    @BeforeEach
    void lay() throws Exception {
        memory = SharedMemory.anonymous(DiningTable.bytes(PHILOSOPHERS));
        area = memory.area(0, DiningTable.bytes(PHILOSOPHERS));
        one = new DiningTable(area, PHILOSOPHERS, 1);
        two = new DiningTable(area, PHILOSOPHERS, 2);
        three = new DiningTable(area, PHILOSOPHERS, 3);
    }

    @AfterEach
    void close() {
        memory.close();
    }

    private TableState state() {
        return TableState.of(area, PHILOSOPHERS);
    }

    private static void pickUpBoth(DiningTable philosopher) {
        philosopher.pickUp(philosopher.lower(), false);
        philosopher.pickUp(philosopher.higher(), false);
    }

    private static void eat(DiningTable philosopher) {
        pickUpBoth(philosopher);
        philosopher.begin(7, true);
        philosopher.finish();
        philosopher.putDown(philosopher.higher());
        philosopher.putDown(philosopher.lower());
    }

    @Test
    void eachHasTheTwoForksBesideHimAndTheLastOneTheFirstForkFirst() {
        assertEquals(0, one.lower());
        assertEquals(1, one.higher());
        assertEquals(1, two.lower());
        assertEquals(2, two.higher());
        assertEquals(0, three.lower());
        assertEquals(2, three.higher());
    }

    @Test
    void twoHaveTwoForksInCommon() {
        DiningTable ofTwo = new DiningTable(area, 2, 2);
        assertEquals(0, ofTwo.lower());
        assertEquals(1, ofTwo.higher());
    }

    @Test
    void countsEachMealWithBothForks() {
        eat(one);
        eat(one);
        eat(three);
        TableState state = state();
        assertEquals(3, state.meals());
        assertEquals(6, state.uses());
        for (int fork = 0; fork < PHILOSOPHERS; fork++) {
            assertEquals(state.mealsWith(fork), state.forks().get(fork).uses(), "fork " + fork);
        }
        assertEquals(3, state.contended());
        assertEquals(7, state.longestNanos());
        assertEquals(0, state.twoUsers() + state.together() + state.takings());
    }

    @Test
    void noticesAForkWithTwoUsers() {
        one.pickUp(1, false);
        two.pickUp(1, false);
        assertEquals(1, state().twoUsers());
        one.putDown(1); // finds the other's name on it
        assertEquals(2, state().twoUsers());
    }

    @Test
    void noticesNeighboursWhoEatTogether() {
        pickUpBoth(one);
        one.begin(0, false);
        two.pickUp(2, false);
        two.begin(0, false);
        assertEquals(1, state().together());
    }

    @Test
    void aDeadOneEatsNoLongerOnceAForkOfHisWasHad() {
        pickUpBoth(one);
        one.begin(0, false);
        long before = System.nanoTime();
        two.want();
        two.pickUp(1, true);
        two.pickUp(2, false);
        two.begin(0, false);
        TableState state = state();
        assertEquals(0, state.together() + state.twoUsers());
        assertEquals(1, state.takings());
        TableState.ForkState taken = state.forks().get(1);
        assertEquals(2, taken.taker());
        assertTrue(before <= taken.wantedAtNanos() && taken.wantedAtNanos() <= taken.takenAtNanos(), taken.toString());
        assertEquals(1, state.eater(1).begun());
        assertEquals(0, state.eater(1).eaten());
    }
}

package org.jvmipc.cli.demo.shared;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.jvmipc.shm.MemoryArea;
import org.jvmipc.shm.SharedMemory;

/** What the board says of those who were inside, one after the other and not. */
@Timeout(20)
class BoardTest {
    private static final int MEMBERS = 3;

    private SharedMemory memory;
    private MemoryArea area;
    private Board one;
    private Board two;

    @BeforeEach
    void make() throws Exception {
        memory = SharedMemory.anonymous(Board.bytes(MEMBERS));
        area = memory.area(0, Board.bytes(MEMBERS));
        one = new Board(area, 1);
        two = new Board(area, 2);
    }

    @AfterEach
    void close() {
        memory.close();
    }

    private BoardState state() {
        return BoardState.of(area, MEMBERS);
    }

    private static void turn(Board member) {
        member.enter(false);
        member.count();
        member.leave();
    }

    @Test
    void countsTheTurnsOfEach() {
        turn(one);
        turn(two);
        turn(two);
        BoardState state = state();
        assertEquals(3, state.counter());
        assertEquals(Map.of(1, 1L, 2, 2L, 3, 0L), state.done());
        assertEquals(state.done(), state.holdsOf());
        assertEquals(0, state.intruders() + state.takings() + state.unfinished());
    }

    @Test
    void noticesWhoComesInWhileAnotherIsThere() {
        one.enter(false);
        two.enter(false);
        assertEquals(1, state().intruders());
        one.leave(); // finds the other
        assertEquals(2, state().intruders());
    }

    @Test
    void noticesAFenceThatDoesNotRise() {
        one.enter(false, 7);
        one.leave();
        two.enter(false, 7);
        two.leave();
        one.enter(false, 8);
        assertEquals(1, state().badFences());
    }

    @Test
    void finishesATurnThatADeadOneHasCounted() {
        turn(one);
        one.enter(false);
        one.countHalf();
        assertTrue(two.isHeldBy(1));
        two.enter(true);
        two.leave();
        BoardState state = state();
        assertEquals(2, state.counter());
        assertEquals(2L, state.done().get(1));
        assertEquals(0, state.unfinished());
        assertEquals(2, state.taker());
        assertEquals(1, state.takings());
        assertEquals(0, state.intruders());
    }

    @Test
    void undoesATurnThatADeadOneHasOnlyBegun() {
        turn(one);
        one.enter(false);
        long before = area.int64(BoardLayout.COUNTER_OFFSET).get();
        area.int64(BoardLayout.member(1) + BoardLayout.BEFORE_OFFSET).set(before);
        area.int64(BoardLayout.member(1) + BoardLayout.BEGUN_OFFSET).set(2);
        two.enter(true);
        two.leave();
        assertEquals(1, state().counter());
        assertEquals(1L, state().done().get(1));
        assertEquals(0, state().unfinished());
    }

    @Test
    void aReaderSeesATurnHalfDone() {
        one.look(0);
        assertEquals(0, state().torn());
        one.enter(false);
        one.countHalf();
        two.look(1); // the one that may have died in it
        assertEquals(0, state().torn() + state().intruders());
        two.look(0);
        assertEquals(1, state().intruders());
        one.leave();
        two.look(0);
        assertEquals(1, state().torn());
        assertFalse(two.isHeldBy(1));
    }
}

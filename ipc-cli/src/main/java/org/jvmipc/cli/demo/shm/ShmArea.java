package org.jvmipc.cli.demo.shm;

import java.io.IOException;
import org.jvmipc.cli.demo.DemoOptions;
import org.jvmipc.cli.demo.shared.Board;
import org.jvmipc.cli.demo.shared.BoardState;
import org.jvmipc.cli.demo.shared.Slots;
import org.jvmipc.shm.MemoryArea;
import org.jvmipc.shm.SharedCounter;
import org.jvmipc.shm.SharedLong;
import org.jvmipc.shm.SharedLongArray;
import org.jvmipc.shm.SharedMemory;

/**
 * What lies where in the shared memory of the demo {@code shm}, which all of its processes have to agree on.
 *
 * <pre>
 *   0          8          64            320               832            832 + b
 *   +----------+----------+-------------+-----------------+--------------+------------------
 *   | total    | atomic   | array (32)  | counter (8 x 64)| board (b)    | slots
 *   +----------+----------+-------------+-----------------+--------------+------------------
 * </pre>
 *
 * <p>Slots hold messages: that is the level of the storage area, where what the bytes are is between the processes. The first
 * four are the level of data structures: variables with operations. The board is for the verification.
 */
final class ShmArea {
    private static final int TOTAL_OFFSET = 0;
    private static final int ATOMIC_OFFSET = 8;
    private static final int ARRAY_OFFSET = 64;
    private static final int COUNTER_OFFSET = ARRAY_OFFSET + DemoOptions.MAX_CHILDREN * Long.BYTES;
    private static final int STRIPES = 8;
    private static final int STRIPE_BYTES = 64;
    private static final int BOARD_OFFSET = COUNTER_OFFSET + STRIPES * STRIPE_BYTES;

    private final MemoryArea area;
    private final MemoryArea boardArea;
    private final int members;
    private final Slots slots;

    /**
     * The view of a process.
     *
     * @param members how many writers there are, and one reader
     */
    ShmArea(SharedMemory memory, int members, int messageBytes) throws IOException {
        int slotsOffset = BOARD_OFFSET + Board.bytes(members);
        this.members = members;
        area = memory.area(0, BOARD_OFFSET);
        boardArea = memory.area(BOARD_OFFSET, Board.bytes(members));
        slots = new Slots(memory.area(slotsOffset, (int) memory.size() - slotsOffset), messageBytes);
    }

    /** How large it is with so many places for messages. */
    static int bytes(int members, long places, int messageBytes) {
        return BOARD_OFFSET + Board.bytes(members) + Slots.bytes(places, messageBytes);
    }

    /** Places for messages. */
    Slots slots() {
        return slots;
    }

    /** The board, as a member by its number sees it. */
    Board board(int number) {
        return new Board(boardArea, number);
    }

    /** Counted by a load and a store with the lock held. */
    SharedLong total() {
        return area.int64(TOTAL_OFFSET);
    }

    /** The same, one for each writer. */
    SharedLongArray perWriter() {
        return area.longs(ARRAY_OFFSET, DemoOptions.MAX_CHILDREN);
    }

    /** Counted by atomic additions without the lock. */
    SharedLong atomic() {
        return area.int64(ATOMIC_OFFSET);
    }

    /** The same, by many at once. */
    SharedCounter counter() {
        return area.counter(COUNTER_OFFSET, STRIPES);
    }

    /** What is on the board when all is over. */
    BoardState boardState() {
        return BoardState.of(boardArea, members);
    }
}

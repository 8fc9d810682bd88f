package org.jvmipc.cli.demo.shared;

import java.util.Map;
import java.util.TreeMap;
import org.jvmipc.shm.MemoryArea;

/**
 * What is on a {@link Board} when all is over.
 *
 * @param counter what was counted
 * @param done by member's number: what it has counted by the tally it kept there
 * @param unfinished how many members have begun a turn that is not finished
 * @param holdsOf by member's number: how often it was inside
 * @param badFences how often a fencing number was not larger than the one before
 * @param intruders how often somebody came in while another was inside
 * @param torn how often a reader saw the counter half changed
 * @param taker who has put in order what a dead one has left; 0: nobody
 * @param takenAtNanos when, on the monotonic clock
 * @param takings how often
 */
public record BoardState(
        long counter,
        Map<Integer, Long> done,
        int unfinished,
        Map<Integer, Long> holdsOf,
        long badFences,
        long intruders,
        long torn,
        int taker,
        long takenAtNanos,
        long takings) {
    /** Looks at it. */
    public static BoardState of(MemoryArea area, int members) {
        Map<Integer, Long> done = new TreeMap<>();
        Map<Integer, Long> holds = new TreeMap<>();
        int unfinished = 0;
        for (int number = 1; number <= members; number++) {
            int line = BoardLayout.member(number);
            long finished = area.int64(line + BoardLayout.DONE_OFFSET).getVolatile();
            done.put(number, finished);
            holds.put(number, word(area, line + BoardLayout.HOLDS_OFFSET));
            unfinished += area.int64(line + BoardLayout.BEGUN_OFFSET).getVolatile() == finished ? 0 : 1;
        }
        return new BoardState(
                word(area, BoardLayout.COUNTER_OFFSET),
                done,
                unfinished,
                holds,
                word(area, BoardLayout.BAD_FENCES_OFFSET),
                word(area, BoardLayout.INTRUDERS_OFFSET),
                word(area, BoardLayout.TORN_OFFSET),
                (int) word(area, BoardLayout.TAKER_OFFSET),
                word(area, BoardLayout.TAKEN_AT_OFFSET),
                word(area, BoardLayout.TAKINGS_OFFSET));
    }

    private static long word(MemoryArea area, int offset) {
        return area.int64(offset).getVolatile();
    }

    /** How often somebody was inside. */
    public long holds() {
        return sum(holdsOf);
    }

    /** What all members have counted by their tallies. */
    public long sum() {
        return sum(done);
    }

    private static long sum(Map<Integer, Long> numbers) {
        return numbers.values().stream().mapToLong(Long::longValue).sum();
    }
}

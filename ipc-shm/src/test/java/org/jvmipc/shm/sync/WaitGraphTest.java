package org.jvmipc.shm.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.jvmipc.shm.internal.BlockedThread;
import org.jvmipc.shm.internal.LockClaim;
import org.jvmipc.shm.internal.LockClaim.Kind;
import org.jvmipc.shm.internal.LockClaim.Mode;

@Timeout(20)
class WaitGraphTest {
    private static LockClaim mutex(int inode) {
        return new LockClaim(Kind.SEGMENT, Mode.EXCLUSIVE, 1, inode, 64, 0);
    }

    private static BlockedThread thread(int number, LockClaim waitsFor, LockClaim... holds) {
        return new BlockedThread(number, 1, 1, 1, number, 0, false, waitsFor, List.of(holds));
    }

    private static List<List<Long>> cycles(BlockedThread... threads) {
        return new WaitGraph(List.of(threads), (lock, holder) -> true)
                .cycles().stream()
                        .map(cycle -> cycle.stream().map(BlockedThread::pid).toList())
                        .toList();
    }

    @Test
    void aChainIsNoCycle() {
        assertEquals(
                List.of(), cycles(thread(1, mutex(2), mutex(1)), thread(2, mutex(3), mutex(2)), thread(3, mutex(9))));
    }

    @Test
    void findsEachCycleOnceAndNoneOfThoseBehindIt() {
        assertEquals(
                List.of(List.of(2L, 3L), List.of(4L, 5L, 6L)),
                cycles(
                        thread(1, mutex(2), mutex(1)),
                        thread(2, mutex(3), mutex(2)),
                        thread(3, mutex(2), mutex(3)),
                        thread(4, mutex(5), mutex(4)),
                        thread(5, mutex(6), mutex(5)),
                        thread(6, mutex(4), mutex(6))));
    }

    @Test
    void takesTheShortestWayAndLeavesNobodyOut() {
        LockClaim read = new LockClaim(Kind.SEGMENT, Mode.SHARED, 1, 7, 64, 0);
        LockClaim alone = new LockClaim(Kind.SEGMENT, Mode.ALONE, 1, 7, 64, 0);
        assertEquals(
                List.of(List.of(1L, 3L), List.of(2L, 3L, 1L)),
                cycles(thread(1, alone, mutex(1)), thread(2, mutex(3), read), thread(3, mutex(1), read, mutex(3))));
    }

    @Test
    void aThreadMayWaitForItself() {
        assertEquals(List.of(List.of(1L)), cycles(thread(1, mutex(1), mutex(1))));
    }

    @Test
    void anEdgeThatIsNotProvenIsNone() {
        List<BlockedThread> threads = List.of(thread(1, mutex(2), mutex(1)), thread(2, mutex(1), mutex(2)));
        assertEquals(List.of(), new WaitGraph(threads, (lock, holder) -> holder.pid() == 1).cycles());
    }

    @Test
    void manyThreadsTakeNoLongTime() {
        BlockedThread[] threads = IntStream.range(0, 256)
                .mapToObj(i -> thread(i + 1, mutex((i + 1) % 256), mutex(i), mutex(1000 + i)))
                .toArray(BlockedThread[]::new);
        assertEquals(256, cycles(threads).get(0).size());
    }

    private static LockClaim range(Mode mode, long start, long length) {
        return new LockClaim(Kind.RANGE, mode, 1, 1, start, length);
    }

    @Test
    void rangesAreInEachOthersWayWhereTheyOverlap() {
        LockClaim first = range(Mode.EXCLUSIVE, 0, 10);
        assertTrue(first.waitsFor(range(Mode.SHARED, 9, 1)));
        assertFalse(first.waitsFor(range(Mode.EXCLUSIVE, 10, 1)));
        assertTrue(range(Mode.SHARED, 5, 0).waitsFor(range(Mode.EXCLUSIVE, 1000, 1)));
        assertFalse(range(Mode.SHARED, 5, 0).waitsFor(range(Mode.SHARED, 0, 0)));
        assertFalse(range(Mode.EXCLUSIVE, 64, 0).waitsFor(mutex(1)));
        assertTrue(range(Mode.EXCLUSIVE, 1, Long.MAX_VALUE).waitsFor(range(Mode.SHARED, Long.MAX_VALUE - 1, 1)));
    }

    @Test
    void whoIsInWhoseWayAtAReadWriteLock() {
        LockClaim writer = new LockClaim(Kind.SEGMENT, Mode.EXCLUSIVE, 1, 1, 64, 0);
        LockClaim reader = new LockClaim(Kind.SEGMENT, Mode.SHARED, 1, 1, 64, 0);
        LockClaim alone = new LockClaim(Kind.SEGMENT, Mode.ALONE, 1, 1, 64, 0);
        assertTrue(writer.waitsFor(writer));
        assertTrue(reader.waitsFor(writer));
        assertTrue(alone.waitsFor(reader));
        assertFalse(alone.waitsFor(writer));
        assertFalse(writer.waitsFor(reader));
        assertFalse(reader.waitsFor(reader));
        assertFalse(reader.waitsFor(new LockClaim(Kind.SEGMENT, Mode.EXCLUSIVE, 1, 1, 128, 0)));
    }
}

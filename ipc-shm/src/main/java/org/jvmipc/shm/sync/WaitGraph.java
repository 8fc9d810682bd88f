package org.jvmipc.shm.sync;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.jvmipc.shm.internal.BlockedThread;
import org.jvmipc.shm.internal.LockClaim;

/**
 * The wait-for graph: threads, and whom each waits for. A thread goes on only when all who have its lock give it back, so every
 * cycle is a deadlock.
 */
final class WaitGraph {
    private final List<BlockedThread> threads;
    private final BitSet[] waitsFor;

    /** Whether an edge is there. */
    interface Edges {
        /** Whether the holder really has the lock, for which another one waits. */
        boolean isHeld(LockClaim held, BlockedThread holder);
    }

    WaitGraph(List<BlockedThread> threads, Edges edges) {
        this.threads = threads;
        this.waitsFor = new BitSet[threads.size()];
        for (int i = 0; i < waitsFor.length; i++) {
            waitsFor[i] = new BitSet();
            for (int j = 0; j < waitsFor.length; j++) {
                LockClaim lock = threads.get(j).blocks(threads.get(i));
                waitsFor[i].set(j, lock != null && edges.isHeld(lock, threads.get(j)));
            }
        }
    }

    /** The shortest cycle through each thread that is in one, and in none of those before. */
    List<List<BlockedThread>> cycles() {
        List<List<BlockedThread>> cycles = new ArrayList<>();
        BitSet told = new BitSet();
        for (int i = 0; i < waitsFor.length; i++) {
            List<Integer> cycle = told.get(i) ? null : shortestFrom(i);
            if (cycle != null) {
                cycle.forEach(told::set);
                cycles.add(cycle.stream().map(threads::get).toList());
            }
        }
        return cycles;
    }

    private @Nullable List<Integer> shortestFrom(int start) {
        int[] before = new int[waitsFor.length];
        Arrays.fill(before, -1);
        Deque<Integer> next = new ArrayDeque<>(List.of(start));
        while (!next.isEmpty()) {
            int at = next.removeFirst();
            if (waitsFor[at].get(start)) {
                return pathTo(at, start, before);
            }
            waitsFor[at].stream()
                    .filter(each -> each != start && before[each] < 0)
                    .forEach(each -> {
                        before[each] = at;
                        next.addLast(each);
                    });
        }
        return null;
    }

    private static List<Integer> pathTo(int end, int start, int[] before) {
        List<Integer> path = new ArrayList<>();
        for (int at = end; at != start; at = before[at]) {
            path.add(0, at);
        }
        path.add(0, start);
        return path;
    }
}

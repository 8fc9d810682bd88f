package org.jvmipc.shm.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jvmipc.Address;
import org.jvmipc.process.ChildJvm;
import org.jvmipc.process.JvmLauncher;
import org.jvmipc.process.ParentJvm;
import org.jvmipc.shm.Segment;
import org.jvmipc.shm.SegmentOptions;
import org.jvmipc.shm.SharedLong;
import org.jvmipc.shm.sync.SharedBarrier;
import org.jvmipc.shm.sync.SharedCondition;
import org.jvmipc.shm.sync.SharedEvent;
import org.jvmipc.shm.sync.SharedMutex;
import org.jvmipc.shm.sync.SharedMutex.MutexHold;
import org.jvmipc.testkit.bench.Cpus;

/**
 * How fast two JVMs meet, or wake each other.
 *
 * <pre>PIN=same|cross config/bench org.jvmipc.shm.bench.MeetingBench barrier|condition|event [N]</pre>
 *
 * <p>One line of JSON, in ns: of the barrier one meeting; of the others a round trip, where each is woken once: with the condition by a
 * signal under the mutex, with two events that reset themselves by a set. A futex in C does the round trip in {@code ipcbench futex}.
 */
public final class MeetingBench {
    private static final int WARM_UP = 100_000;
    private static final int ROUNDS = 50_000;

    private MeetingBench() {}

    /** One meeting, or round trip. */
    private interface Round {
        void run() throws InterruptedException;
    }

    /** Runs one measurement. */
    public static void main(String[] words) throws Exception {
        if (words.length == 0) {
            System.err.println("usage: MeetingBench barrier|condition|event [N]");
            System.exit(2);
        }
        int count = words.length > 1 ? Integer.parseInt(words[1]) : ROUNDS;
        if (ParentJvm.isPresent()) {
            ParentJvm parent = ParentJvm.get();
            try (Segment segment = Segment.open(parent.address("segment"))) {
                meet(segment, words[0], 1, count, parent::ready);
            }
            return;
        }
        Path directory = Files.createTempDirectory("meeting-bench");
        Address address = Address.of("segment", directory.resolve("segment").toString());
        try (Segment segment = Segment.create(address, SegmentOptions.defaults().withSize(1 << 16))) {
            prepare(segment, words[0]);
            try (ChildJvm child = JvmLauncher.of(MeetingBench.class)
                    .jvmArguments("-XX:+UseSerialGC", "-Xms256m", "-Xmx256m")
                    .handOver("segment", address)
                    .arguments(words[0], Integer.toString(count))
                    .start()) {
                long[] nanos = meet(segment, words[0], 0, count, () -> {
                    child.awaitReady();
                    Cpus.pin(child.pid(), 1);
                    Cpus.pin(ProcessHandle.current().pid(), 0);
                });
                child.awaitExit();
                System.out.println(
                        "{\"name\":\"ours." + words[0] + "\",\"mode\":\"rtt\"," + Figures.ofEach(nanos) + "}");
            }
        } finally {
            Segment.remove(address);
            Files.delete(directory);
        }
    }

    private static void prepare(Segment segment, String kind) throws IOException {
        switch (kind) {
            case "barrier" -> SharedBarrier.create(segment, "barrier", 2).close();
            case "condition" -> {
                SharedMutex.create(segment, "mutex").close();
                SharedCondition.create(segment, "0").close();
                SharedCondition.create(segment, "1").close();
                segment.createArea("turn", Long.BYTES);
            }
            case "event" -> {
                SharedEvent.create(segment, "0", true).close();
                SharedEvent.create(segment, "1", true).close();
            }
            default -> throw new IllegalArgumentException("no such kind: " + kind);
        }
    }

    /** What is to be done before the first round. */
    private interface Start {
        void run() throws Exception;
    }

    private static long[] meet(Segment segment, String kind, int side, int count, Start start) throws Exception {
        switch (kind) {
            case "barrier" -> {
                try (SharedBarrier barrier = SharedBarrier.open(segment, "barrier")) {
                    start.run();
                    return rounds(count, barrier::await);
                }
            }
            case "condition" -> {
                try (SharedMutex mutex = SharedMutex.open(segment, "mutex");
                        SharedCondition mine = SharedCondition.open(segment, Integer.toString(side));
                        SharedCondition other = SharedCondition.open(segment, Integer.toString(1 - side))) {
                    SharedLong turn = segment.area("turn").int64(0);
                    start.run();
                    return rounds(count, () -> handOver(mutex, turn, side, mine, other));
                }
            }
            default -> {
                try (SharedEvent mine = SharedEvent.open(segment, Integer.toString(side));
                        SharedEvent other = SharedEvent.open(segment, Integer.toString(1 - side))) {
                    start.run();
                    return rounds(count, side == 0 ? () -> ask(mine, other) : () -> answer(mine, other));
                }
            }
        }
    }

    private static long[] rounds(int count, Round round) throws InterruptedException {
        for (int i = 0; i < WARM_UP; i++) {
            round.run();
        }
        long[] nanos = new long[count];
        long last = System.nanoTime();
        for (int i = 0; i < count; i++) {
            round.run();
            long now = System.nanoTime();
            nanos[i] = now - last;
            last = now;
        }
        return nanos;
    }

    private static void handOver(
            SharedMutex mutex, SharedLong turn, int side, SharedCondition mine, SharedCondition other)
            throws InterruptedException {
        try (MutexHold hold = mutex.lock()) {
            while (turn.get() != side) {
                mine.await(hold);
            }
            turn.set(1 - side);
            other.signal(hold);
        }
    }

    private static void ask(SharedEvent mine, SharedEvent other) throws InterruptedException {
        other.set();
        mine.await();
    }

    private static void answer(SharedEvent mine, SharedEvent other) throws InterruptedException {
        mine.await();
        other.set();
    }
}

package org.jvmipc.cli.demo.shm;

import java.io.IOException;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.jvmipc.cli.demo.DemoOptions;
import org.jvmipc.cli.demo.DemoParent;
import org.jvmipc.cli.demo.Pause;
import org.jvmipc.cli.demo.Verifier;
import org.jvmipc.cli.demo.shared.Board;
import org.jvmipc.cli.demo.shared.TakenReport;
import org.jvmipc.process.ParentJvm;
import org.jvmipc.shm.SharedMemory;
import org.jvmipc.shm.sync.FileMutex;
import org.jvmipc.shm.sync.Hold;

/**
 * The reader of the demo {@code shm}: takes messages out of shared memory and verifies them, with a {@link FileMutex} held
 * on the file that the {@link ShmWriter}s lock in their way. {@link ShmParent} says when.
 */
final class ShmReader {
    /** Read. */
    static final String READ = "read";

    /** Read what is left, and end. */
    static final String FINISH = "finish";

    private final DemoParent<TakenReport> parent;
    private final ShmArea area;
    private final Board board;
    private final FileMutex mutex;
    private final Verifier verifier;
    private final int victim;
    private final boolean slow;
    private long takes;
    private long waits;
    private long waitNanos;

    private ShmReader(DemoParent<TakenReport> parent, ShmArea area, FileMutex mutex, Verifier verifier, String[] args) {
        this.parent = parent;
        this.area = area;
        this.board = area.board(Integer.parseInt(args[2]));
        this.mutex = mutex;
        this.verifier = verifier;
        this.victim = Integer.parseInt(args[3]);
        this.slow = Boolean.parseBoolean(args[4]);
    }

    /**
     * Plays the reader.
     *
     * @param args run id, payload bytes, number of members, of whom this is the last, number of the one to be killed or 0, slow
     */
    public static void main(String[] args) throws IOException, InterruptedException {
        ParentJvm jvm = ParentJvm.get();
        int payloadBytes = Integer.parseInt(args[1]);
        int members = Integer.parseInt(args[2]);
        int[] writers = IntStream.range(1, members).toArray();
        Verifier verifier = new Verifier(Long.parseLong(args[0]), payloadBytes, writers);
        try (DemoParent<TakenReport> parent = DemoParent.open(TakenReport.class);
                SharedMemory memory = SharedMemory.open(jvm.address(ShmWriter.MEMORY));
                FileMutex mutex = FileMutex.open(jvm.address(ShmWriter.LOCK))) {
            ShmArea area = new ShmArea(memory, members, DemoOptions.messageBytes(payloadBytes));
            ShmReader reader = new ShmReader(parent, area, mutex, verifier, args);
            parent.ready();
            parent.await(READ);
            reader.readAll();
            TakenReport.send(parent, verifier, writers.length, reader.takes, reader.waits, reader.waitNanos);
        }
    }

    private void readAll() throws IOException, InterruptedException {
        boolean last = false;
        while (true) {
            last = last || parent.hasOrdered(FINISH);
            if (read() > 0) {
                continue;
            }
            if (last) {
                return;
            }
            long startNanos = System.nanoTime();
            LockSupport.parkNanos(ShmWriter.BETWEEN_LOOKS_NANOS);
            waits++;
            waitNanos += System.nanoTime() - startNanos;
        }
    }

    /** Takes what is there. */
    private int read() throws InterruptedException {
        int count = 0;
        try (Hold hold = mutex.lock()) {
            board.enter(hold.previousOwnerDied() || board.isHeldBy(victim)); // a FileLock's death is told to nobody
            while (!area.slots().isEmpty()) {
                verifier.accept(area.slots().take());
                count++;
                if (slow) {
                    Pause.afterMessage();
                }
            }
            board.leave();
        }
        takes += count;
        return count;
    }
}

package org.jvmipc.cli.demo.shm;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.locks.LockSupport;
import org.jvmipc.cli.demo.MessageSource;
import org.jvmipc.cli.demo.shared.Board;
import org.jvmipc.cli.demo.shared.Work;
import org.jvmipc.process.ParentJvm;
import org.jvmipc.shm.SharedLongArray;
import org.jvmipc.shm.SharedMemory;
import org.jvmipc.shm.sync.FileMutex;

/**
 * A writer of the demo {@code shm}: writes messages into shared memory, and then counts in variables there, both with a
 * {@link FileLock} held, as any Java program has it. {@link ShmReader} takes the messages, {@link ShmParent} says when.
 */
final class ShmWriter {
    /** What the address of the lock's file is handed over as. */
    static final String LOCK = "lock";

    /** What the address of the memory is handed over as. */
    static final String MEMORY = "memory";

    /** Go on to the variables. */
    static final String COUNT = "count";

    /** It has counted. */
    static final String COUNTED = "counted";

    /** A file lock wakes nobody who waits for something else than the lock. */
    static final long BETWEEN_LOOKS_NANOS = 200_000;

    private final Work work;
    private final MessageSource source;
    private final ShmArea area;
    private final Board board;
    private final FileChannel file;
    private final int number;
    private final int victim;

    private ShmWriter(Work work, MessageSource source, ShmArea area, FileChannel file, int number, int victim) {
        this.work = work;
        this.source = source;
        this.area = area;
        this.board = area.board(number);
        this.file = file;
        this.number = number;
        this.victim = victim;
    }

    /**
     * Plays a writer.
     *
     * @param args run id, number of this writer, payload bytes, number of members, number of the one to be killed or 0,
     *     messages, how often to count
     */
    public static void main(String[] args) throws IOException, InterruptedException {
        ParentJvm parent = ParentJvm.get();
        int number = Integer.parseInt(args[1]);
        MessageSource source = new MessageSource(Long.parseLong(args[0]), number, Integer.parseInt(args[2]));
        var path = FileMutex.path(parent.address(LOCK).name());
        try (Work work = Work.open(Long.parseLong(args[5]));
                SharedMemory memory = SharedMemory.open(parent.address(MEMORY));
                FileChannel file = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            ShmArea area = new ShmArea(
                    memory, Integer.parseInt(args[3]), source.message().remaining());
            ShmWriter writer = new ShmWriter(work, source, area, file, number, Integer.parseInt(args[4]));
            work.begin();
            writer.writeAll();
            work.end();
            work.await(COUNT);
            writer.count(Long.parseLong(args[6]));
            work.report(COUNTED);
        }
    }

    // ---- the level of the storage area

    private void writeAll() throws IOException, InterruptedException {
        while (work.another() || work.isToHold()) { // who is to be killed waits for room as well
            if (write()) {
                source.sent();
                work.turn(source.digest());
            } else {
                long startNanos = System.nanoTime();
                LockSupport.parkNanos(BETWEEN_LOOKS_NANOS);
                work.waited(System.nanoTime() - startNanos);
            }
        }
    }

    /** Writes the next message if there is room; or half of it, and is killed then, with the lock held. */
    private boolean write() throws IOException, InterruptedException {
        var message = source.message();
        try (FileLock held = file.lock()) {
            board.enter(held.isValid() && board.isHeldBy(victim));
            boolean room = !area.slots().isFull();
            if (room && work.isToHold()) {
                area.slots().putHalf(message);
                work.hold();
            }
            if (room) {
                area.slots().put(message);
                board.count();
            }
            board.leave();
            return room;
        }
    }

    // ---- the level of data structures

    private void count(long times) throws IOException {
        SharedLongArray perWriter = area.perWriter();
        for (long i = 0; i < times; i++) {
            try (FileLock held = file.lock()) {
                board.enter(!held.isValid());
                area.total().set(area.total().get() + 1);
                perWriter.set(number - 1, perWriter.get(number - 1) + 1);
                board.leave();
            }
            area.atomic().getAndAdd(1);
            area.counter().increment();
        }
    }
}

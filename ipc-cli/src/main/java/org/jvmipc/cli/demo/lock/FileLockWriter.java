package org.jvmipc.cli.demo.lock;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.StandardOpenOption;
import org.jvmipc.cli.demo.shared.Board;
import org.jvmipc.cli.demo.shared.Counting;
import org.jvmipc.cli.demo.shared.Work;
import org.jvmipc.process.ParentJvm;
import org.jvmipc.shm.SharedMemory;
import org.jvmipc.shm.sync.FileMutex;

/**
 * A writer of the demo {@code lock} that locks as any Java program can: by a {@link FileLock}, which tells no death. It and
 * {@link LockWriter} exclude each other.
 */
final class FileLockWriter {
    private FileLockWriter() {}

    /**
     * Plays a writer.
     *
     * @param args as those of {@link LockWriter#main}
     */
    public static void main(String[] args) throws IOException, InterruptedException {
        ParentJvm parent = ParentJvm.get();
        int victim = Integer.parseInt(args[1]);
        var path = FileMutex.path(parent.address(LockWriter.LOCK).name());
        try (Work work = Work.open(Long.parseLong(args[2]));
                SharedMemory memory = SharedMemory.open(parent.address(LockWriter.MEMORY));
                FileChannel file = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            Board board = new Board(memory.area(0, (int) memory.size()), Integer.parseInt(args[0]));
            Counting counting = new Counting(work, board, Boolean.parseBoolean(args[3]));
            work.begin();
            counting.run(() -> {
                try (FileLock held = work.take(file::tryLock, file::lock)) {
                    counting.inside(held.isValid() && board.isHeldBy(victim));
                }
            });
            work.end();
        }
    }
}

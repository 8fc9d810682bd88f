package org.jvmipc.shm.internal;

import java.io.IOException;
import java.nio.MappedByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import org.jvmipc.LimitException;
import org.jvmipc.internal.posix.OsCalls;

/**
 * Maps a file by its descriptor. Java maps through a channel, which an interrupt closes: an interrupt is put aside here, as
 * nothing waits, and is kept for the next call that looks.
 */
public final class Mapping {
    private Mapping() {}

    /**
     * Maps a range, which stays mapped until the buffer, and all that were made of it, are unreachable.
     *
     * @param object names the file in the messages of errors
     * @throws LimitException if this process has too many mappings
     * @throws IOException if it cannot be mapped
     */
    public static MappedByteBuffer of(int descriptor, boolean readOnly, long from, long bytes, String object)
            throws IOException {
        boolean interrupted = Thread.interrupted();
        try {
            while (true) {
                try {
                    MappingCount.require("mmap of " + object + " bytes=" + bytes);
                    MappedByteBuffer mapped = map(descriptor, readOnly, from, bytes);
                    MappingCount.add(mapped);
                    return mapped;
                } catch (ClosedByInterruptException e) {
                    interrupted |= Thread.interrupted();
                } catch (LimitException e) {
                    throw e;
                } catch (IOException e) {
                    throw OsCalls.asLimit(e, "mmap failed: " + object + " bytes=" + bytes);
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static MappedByteBuffer map(int descriptor, boolean readOnly, long from, long bytes) throws IOException {
        Set<StandardOpenOption> access =
                readOnly ? Set.of(StandardOpenOption.READ) : Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE);
        try (FileChannel channel = FileChannel.open(Path.of("/proc/self/fd/" + descriptor), access)) {
            return channel.map(readOnly ? FileChannel.MapMode.READ_ONLY : FileChannel.MapMode.READ_WRITE, from, bytes);
        }
    }
}

package org.jvmipc.mq.internal;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.jvmipc.OsException;
import org.jvmipc.internal.posix.Errno;
import org.jvmipc.internal.posix.FileCalls;

/**
 * The directories of a log's cycles. Looked at anew each time: there are few, and it is done when a reader or a
 * sender goes from one to another.
 *
 * <p><b>Thread safety.</b> Stateless.
 */
public final class CycleFiles {
    /** What stays of a file whose cycle is removed, for who has it mapped still: Chronicle's header. */
    private static final long HEADER_BYTES = 64 << 10;

    private static final int PAGE = 4096;

    private final Path directory;

    public CycleFiles(Path directory) {
        this.directory = directory;
    }

    public Path directory() {
        return directory;
    }

    /** All that are there, the oldest first. */
    public List<Cycle> list() throws IOException {
        List<Cycle> cycles = new ArrayList<>();
        try (DirectoryStream<Path> names = Files.newDirectoryStream(directory)) {
            for (Path name : names) {
                Cycle cycle = Cycle.of(name);
                if (cycle != null) {
                    cycles.add(cycle);
                }
            }
        }
        cycles.sort(Comparator.comparingInt(Cycle::number));
        return cycles;
    }

    /** Those from the first to the last number. */
    public List<Cycle> list(int first, int last) throws IOException {
        return list().stream()
                .filter(each -> each.number() >= first && each.number() <= last)
                .toList();
    }

    /** The first one with at least this number; null if there is none up to the last. */
    @Nullable
    public Cycle atLeast(int number, int last) throws IOException {
        List<Cycle> cycles = list(number, last);
        return cycles.isEmpty() ? null : cycles.get(0);
    }

    /** The last one that begins with this index or before; the first one if all begin later, null if there is none. */
    @Nullable
    public Cycle holding(long index, int first, int last) throws IOException {
        Cycle found = null;
        for (Cycle each : list(first, last)) {
            if (found == null || each.firstIndex() <= index) {
                found = each;
            }
        }
        return found;
    }

    /** What it takes up on the disk, in bytes. */
    public static long bytes(Cycle cycle) throws IOException {
        long bytes = 0;
        try (Stream<Path> files = Files.list(cycle.directory())) {
            for (Path file : (Iterable<Path>) files::iterator) {
                bytes += FileCalls.status(file.toString()).allocatedBytes();
            }
        } catch (NoSuchFileException e) {
            return 0;
        } catch (OsException e) {
            if (e.errno() != Errno.ENOENT) {
                throw e;
            }
        }
        return bytes;
    }

    /**
     * Gives back what was allocated behind the end of a file that is not appended to any more, and takes away what may stand
     * there: a record whose append has failed, as its sender was told, after it was written.
     */
    public static void trim(Cycle cycle, long end) throws IOException {
        if (!isFile(cycle)) {
            return;
        }
        try (RandomAccessFile file = new RandomAccessFile(cycle.file().toFile(), "rw")) {
            long keep = (end / PAGE + 2) * PAGE; // with a page behind the end, which a reader may look at
            if (end < file.length()) {
                file.setLength(end);
                file.setLength(keep); // zeroes
            }
        }
    }

    /** Removes it. Its room comes back now, though others may have it mapped; they do not touch it any more. */
    public static void remove(Cycle cycle) throws IOException {
        if (isFile(cycle)) {
            try (RandomAccessFile file = new RandomAccessFile(cycle.file().toFile(), "rw")) {
                if (file.length() > HEADER_BYTES) {
                    file.setLength(HEADER_BYTES);
                }
            } catch (IOException e) {
                // Half-made, or gone: the rest is removed all the same.
            }
        }
        removeTree(cycle.directory());
    }

    /** Not a link either: what that points to is not the queue's. */
    private static boolean isFile(Cycle cycle) {
        return Files.isRegularFile(cycle.file(), LinkOption.NOFOLLOW_LINKS);
    }

    /** Removes a directory and what is in it, links not followed; what is gone already is no error. */
    public static void removeTree(Path tree) throws IOException {
        try (Stream<Path> files = Files.walk(tree)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (NoSuchFileException e) {
            // another one was faster
        } catch (java.io.UncheckedIOException e) {
            if (!(e.getCause() instanceof NoSuchFileException)) {
                throw e.getCause();
            }
        }
    }
}

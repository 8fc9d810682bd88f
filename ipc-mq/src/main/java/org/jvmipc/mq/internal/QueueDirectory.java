package org.jvmipc.mq.internal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jvmipc.Address;
import org.jvmipc.OsException;
import org.jvmipc.internal.PrivateDirectory;
import org.jvmipc.internal.posix.Errno;
import org.jvmipc.internal.posix.Fcntl;
import org.jvmipc.internal.posix.Fd;
import org.jvmipc.internal.posix.FileCalls;
import org.jvmipc.internal.posix.OsCalls;
import org.jvmipc.mq.MessageQueueOptions;
import org.jvmipc.process.ProcessIdentity;

/**
 * The directory that is a queue: {@code queue} its settings, {@code cycles/} the log, {@code groups/} how far the groups are, {@code
 * state.segment} what processes share while they run, {@code lock} held while it is opened; {@code dead/GROUP} and {@code
 * replies/NUMBER} are queues of their own.
 *
 * <p><b>Thread safety.</b> Immutable.
 */
public final class QueueDirectory {
    private static final String WHAT = "message queue";
    private static final Pattern UNFINISHED =
            Pattern.compile("\\.(.+)\\.ipc-(?:making|removing)-([0-9]{1,10})-([0-9]{1,18})-([0-9]{1,18})-[0-9]+");

    /** Threads of this process may make one of the same name at one time. */
    private static final AtomicLong COUNT = new AtomicLong();

    private final Path path;

    /** At a canonical path; whether there is one is not looked at. */
    public QueueDirectory(Path path) {
        this.path = path;
    }

    /** Where it lies. */
    public Path path() {
        return path;
    }

    public CycleFiles cycles() {
        return new CycleFiles(path.resolve("cycles"));
    }

    public Path groups() {
        return path.resolve("groups");
    }

    /** The bytes that all its files occupy, which have holes; what goes meanwhile is left out. */
    public long diskBytes() throws IOException {
        try (Stream<Path> files = Files.walk(path)) {
            return files.mapToLong(QueueDirectory::allocated).sum();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private static long allocated(Path file) {
        try {
            return FileCalls.status(file.toString()).allocatedBytes();
        } catch (IOException e) {
            return 0;
        }
    }

    /** The dead-letter queue of a group. */
    public QueueDirectory dead(String group) {
        return new QueueDirectory(path.resolve("dead").resolve(group));
    }

    public Path lock() {
        return path.resolve("lock");
    }

    public Address segment() {
        return Address.of("segment", path.resolve("state.segment").toString());
    }

    /** Whether a queue is there. */
    public boolean exists() {
        return Files.isRegularFile(path.resolve(QueueSettings.FILE));
    }

    // ---- making

    /**
     * Makes it: under another name first, so that its own never shows a half-made one.
     *
     * @throws OsException {@code EEXIST} if something has the name
     */
    public void create(MessageQueueOptions options) throws IOException {
        Path parent = parent();
        FileSystems.requireLocal(parent);
        removeUnfinished(parent);
        requireAbsent();
        Path made = unfinished("making");
        boolean done = false;
        try {
            for (Path each : List.of(made, made.resolve("cycles"), made.resolve("groups"))) {
                PrivateDirectory.make(each, WHAT);
            }
            QueueSettings.write(made, options);
            sync(made.resolve(QueueSettings.FILE));
            sync(made);
            FileCalls.rename(made.toString(), path.toString());
            done = true;
            sync(parent);
        } catch (OsException e) {
            throw e.errno() == Errno.ENOTEMPTY || e.errno() == Errno.ENOTDIR ? exists(path) : e;
        } finally {
            if (!done) {
                CycleFiles.removeTree(made);
            }
        }
    }

    /** A queue inside another one: its parent directory is made too. */
    public void createInside(MessageQueueOptions options) throws IOException {
        Path parent = parent();
        PrivateDirectory.make(parent, WHAT);
        Path outer = parent.getParent();
        if (outer != null) {
            sync(outer); // the name of the directory
        }
        create(options);
    }

    private Path parent() throws IOException {
        Path parent = path.getParent();
        if (parent == null || path.getFileName() == null) {
            throw new IllegalArgumentException("path is " + path + "; it must name a directory");
        }
        return parent;
    }

    private void requireAbsent() throws OsException {
        if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            throw exists(path);
        }
    }

    private static OsException exists(Path path) {
        return new OsException("rename", Errno.EEXIST, "path=" + path);
    }

    private Path unfinished(String step) {
        return path.resolveSibling(
                "." + path.getFileName() + ".ipc-" + step + "-" + owner() + "-" + COUNT.incrementAndGet());
    }

    /** Removes what makers and removers have left who were killed. */
    private static void removeUnfinished(Path parent) throws IOException {
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> names = Files.newDirectoryStream(parent, ".*.ipc-*")) {
            names.forEach(found::add);
        } catch (NoSuchFileException e) {
            throw new OsException("open", Errno.ENOENT, "path=" + parent);
        }
        for (Path each : found) {
            Matcher matcher = UNFINISHED.matcher(String.valueOf(each.getFileName()));
            if (matcher.matches() && isOwnerDead(matcher, 2)) {
                CycleFiles.removeTree(each);
            }
        }
    }

    /** This process, in the name of what is another one's to remove once it is dead: {@code PID-START-NAMESPACE}. */
    static String owner() {
        ProcessIdentity self = ProcessIdentity.self();
        return self.pid() + "-" + self.startTime() + "-" + self.pidNamespace();
    }

    /**
     * Whether the owner is dead for certain. One in another pid namespace is not to be seen from here, and counts as alive.
     *
     * @param from the group of the matcher that is the pid; the start time and the namespace follow
     */
    static boolean isOwnerDead(Matcher name, int from) throws IOException {
        long pid = Long.parseLong(name.group(from));
        long startTime = Long.parseLong(name.group(from + 1));
        if (Long.parseLong(name.group(from + 2)) != ProcessIdentity.self().pidNamespace()) {
            return false;
        }
        ProcessIdentity process = ProcessIdentity.of(pid);
        return process == null || process.startTime() != startTime;
    }

    /** Has a file or a directory on its device. */
    public static void sync(Path file) throws IOException {
        try (Fd fd = OsCalls.open(file.toString(), Fcntl.O_RDONLY | Fcntl.O_NOFOLLOW, 0)) {
            FileCalls.sync(fd, file.toString());
        }
    }

    // ---- removing

    /** Takes the name away and removes what is there. For who holds the lock, and has told those who have it open. */
    public void remove() throws IOException {
        Path gone = unfinished("removing");
        FileCalls.rename(path.toString(), gone.toString());
        CycleFiles.removeTree(gone);
    }

    /** The queues inside this one. */
    public List<QueueDirectory> inner() throws IOException {
        List<QueueDirectory> inner = new ArrayList<>();
        for (String kind : List.of("dead", "replies")) {
            Path directory = path.resolve(kind);
            if (Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
                try (DirectoryStream<Path> names = Files.newDirectoryStream(directory)) {
                    names.forEach(name -> inner.add(new QueueDirectory(name)));
                }
            }
        }
        return inner;
    }

    @Override
    public String toString() {
        return path.toString();
    }
}

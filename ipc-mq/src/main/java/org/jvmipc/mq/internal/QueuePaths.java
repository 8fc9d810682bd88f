package org.jvmipc.mq.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.jvmipc.Address;
import org.jvmipc.AddressException;
import org.jvmipc.OsException;
import org.jvmipc.internal.PrivateDirectory;
import org.jvmipc.internal.RuntimeDirectory;
import org.jvmipc.internal.posix.Errno;

/** Where queues lie: those with a bare name in {@code $IPC_HOME/mq}, or {@code ~/.local/state/ipc/mq}, which outlives a restart. */
public final class QueuePaths {
    /** The scheme of their addresses. */
    public static final String SCHEME = "mq";

    private static final Pattern NAME = Pattern.compile("(?!\\.)(?!\\d+$)[A-Za-z0-9._-]{1,64}");

    private QueuePaths() {}

    /** The directory of those with a bare name; neither made nor looked at. */
    public static Path home() throws IOException {
        String override = System.getenv(RuntimeDirectory.VARIABLE);
        if (override != null && !override.isEmpty()) {
            return RuntimeDirectory.path().resolve(SCHEME);
        }
        return Path.of(System.getProperty("user.home"), ".local", "state", "ipc", SCHEME);
    }

    /** Makes that directory. */
    static void makeHome() throws IOException {
        Path home = home();
        if (System.getenv(RuntimeDirectory.VARIABLE) != null) {
            RuntimeDirectory.make();
        } else {
            Path parent = home.getParent();
            if (parent != null) {
                Files.createDirectories(parent);
            }
        }
        PrivateDirectory.make(home, "directory of message queues");
    }

    /**
     * The directory of the queue that the address names.
     *
     * @throws OsException {@code ENOENT} if the directory that it is in is not there
     */
    public static QueueDirectory directory(Address address) throws IOException {
        if (address.isName()) {
            return new QueueDirectory(home().resolve(address.name()));
        }
        if (!address.isPath()) {
            throw new AddressException(
                    address.toString(),
                    "the address of a message queue is mq:/directory or mq:NAME, and no name is all digits",
                    null);
        }
        return new QueueDirectory(canonical(address.path()));
    }

    private static Path canonical(Path path) throws IOException {
        Path absolute = path.toAbsolutePath().normalize();
        Path parent = absolute.getParent();
        Path name = absolute.getFileName();
        if (parent == null || name == null) {
            throw new IllegalArgumentException("path is " + path + "; it must name a directory");
        }
        try {
            return parent.toRealPath().resolve(name);
        } catch (NoSuchFileException e) {
            throw new OsException("open", Errno.ENOENT, "path=" + parent);
        }
    }

    /** The address of a directory: by bare name where it is that of one. */
    public static Address address(Path directory) throws IOException {
        Path home = home();
        Path canonical = Files.isDirectory(home, LinkOption.NOFOLLOW_LINKS) ? home.toRealPath() : home;
        String name = String.valueOf(directory.getFileName());
        boolean named = NAME.matcher(name).matches()
                && (home.equals(directory.getParent()) || canonical.equals(directory.getParent()));
        return Address.of(SCHEME, named ? name : directory.toString());
    }
}

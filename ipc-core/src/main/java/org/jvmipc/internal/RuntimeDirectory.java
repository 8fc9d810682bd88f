package org.jvmipc.internal;

import java.io.IOException;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.jvmipc.IpcException;
import org.jvmipc.internal.posix.ProcessCalls;

/**
 * The directory in which objects known by a bare name live: {@code /dev/shm/ipc-<euid>}, always; only the environment
 * variable {@code IPC_HOME} overrides it. A place guessed from the session would differ between cron, sudo and a login.
 *
 * <p>It belongs to this user alone (0700). One that is a symbolic link, somebody else's, or open to others is refused and
 * never repaired: whoever prepared it may have prepared what is in it.
 */
public final class RuntimeDirectory {
    /** The environment variable that names another directory. */
    public static final String VARIABLE = "IPC_HOME";

    private static final Pattern NAME = Pattern.compile("(?!\\.)[A-Za-z0-9._-]{1,64}");

    private RuntimeDirectory() {}

    /**
     * Where it is or would be; nothing is made or looked at.
     *
     * @throws IpcException if {@code IPC_HOME} is not an absolute path
     */
    public static Path path() throws IpcException {
        return locate(System.getenv(VARIABLE), ProcessCalls.effectiveUser());
    }

    /**
     * Makes it if it is missing, and checks it.
     *
     * @throws IpcException if it cannot be made, or may not be trusted
     */
    public static Path make() throws IOException {
        Path path = path();
        make(path);
        return path;
    }

    /**
     * The file of an object with a bare name; the directory is neither made nor looked at.
     *
     * @param name 1 to 64 characters of {@code A-Z a-z 0-9 . _ -}, the first one no dot
     * @param suffix what tells kinds of objects apart, such as {@code .fifo}
     */
    public static Path resolve(String name, String suffix) throws IpcException {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("not a name: '" + name
                    + "'; a name is 1 to 64 characters of A-Z a-z 0-9 . _ - and does not start with a dot");
        }
        return path().resolve(name + suffix);
    }

    static Path locate(@Nullable String override, int user) throws IpcException {
        if (override == null || override.isEmpty()) {
            return Path.of("/dev/shm/ipc-" + user);
        }
        if (!override.startsWith("/")) {
            throw new IpcException(VARIABLE + "=" + override
                    + " is a relative path, which every process would understand differently; give an absolute one");
        }
        return Path.of(override).normalize();
    }

    static void make(Path path) throws IOException {
        PrivateDirectory.make(path, "runtime directory");
    }
}

package org.jvmipc.internal.registry;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.jvmipc.Address;
import org.jvmipc.AddressException;
import org.jvmipc.OsException;
import org.jvmipc.internal.RuntimeDirectory;
import org.jvmipc.internal.posix.Errno;

/**
 * Paths of one scheme's objects, and the addresses that name them: by path, or by bare name in the runtime directory.
 *
 * <p><b>Thread safety.</b> Stateless.
 */
public final class ObjectPaths {
    /** What an address takes for a name: not what it takes for a number. */
    private static final Pattern NUMBER = Pattern.compile("\\d+");

    private final String scheme;
    private final String suffix;
    private final String what;
    private final boolean pids;

    /**
     * The paths of one scheme.
     *
     * @param suffix what ends the file's name where the object has a bare name, such as {@code .fifo}
     * @param what what an object is in the messages of errors, such as {@code FIFO}
     */
    public ObjectPaths(String scheme, String suffix, String what) {
        this(scheme, suffix, what, false);
    }

    /**
     * The same where {@code scheme:PID} names one too.
     *
     * @param pids whether the pid of a process is a name
     */
    public ObjectPaths(String scheme, String suffix, String what, boolean pids) {
        this.scheme = scheme;
        this.suffix = suffix;
        this.what = what;
        this.pids = pids;
    }

    /** The path of a bare name; the runtime directory is neither made nor looked at. */
    public Path ofName(String name) throws IOException {
        return RuntimeDirectory.resolve(name, suffix);
    }

    /** The path that an address names. */
    public Path of(Address address) throws IOException {
        if (address.isPath()) {
            return address.path();
        }
        if (pids && address.isPid()) {
            return ofName(address.location());
        }
        if (!address.isName()) {
            throw new AddressException(
                    address.toString(),
                    "the address of " + (what.matches("[aeiou].*") ? "an " : "a ") + what + " is " + scheme
                            + ":/path or " + scheme + ":NAME, " + (pids ? "or " + scheme + ":PID, " : "")
                            + "and no name is all digits",
                    null);
        }
        return ofName(address.name());
    }

    /** The one form of a path that all who name the file use: links in the directory's path are followed, and only there. */
    public static String canonical(Path path) throws IOException {
        Path absolute = path.toAbsolutePath().normalize();
        Path directory = absolute.getParent();
        Path name = absolute.getFileName();
        if (directory == null || name == null) {
            throw new IllegalArgumentException("path is " + path + "; it must name a file");
        }
        if (directory.equals(RuntimeDirectory.path())) {
            return absolute.toString(); // may not be made yet, and is never a link
        }
        try {
            return directory.toRealPath().resolve(name).toString();
        } catch (NoSuchFileException e) {
            throw new OsException("open", Errno.ENOENT, "path=" + directory);
        }
    }

    /** The same, or null if the directory is not there: then neither is the file. */
    public static @Nullable String canonicalOrNull(Path path) throws IOException {
        try {
            return canonical(path);
        } catch (OsException e) {
            if (e.errno() == Errno.ENOENT) {
                return null;
            }
            throw e;
        }
    }

    /** The address of a canonical path: by bare name where it is the file of one. */
    public Address address(String path) throws IOException {
        Path file = Path.of(path);
        String name = String.valueOf(file.getFileName());
        if (name.endsWith(suffix)) {
            String stem = name.substring(0, name.length() - suffix.length());
            if (isName(stem) && file.equals(ofName(stem))) {
                return Address.of(scheme, stem);
            }
        }
        return Address.of(scheme, path);
    }

    private boolean isName(String stem) {
        try {
            boolean number = NUMBER.matcher(stem).matches();
            return (!number || (pids && Address.of(scheme, stem).isPid())) && ofName(stem) != null;
        } catch (IOException | IllegalArgumentException e) {
            return false;
        }
    }
}

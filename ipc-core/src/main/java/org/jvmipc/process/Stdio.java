package org.jvmipc.process;

import java.io.File;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Where a standard stream of a child JVM comes from or goes to.
 *
 * <table>
 * <caption>Forms</caption>
 * <tr><th></th><th>stdin</th><th>stdout, stderr</th></tr>
 * <tr><td>{@link #discard()}</td><td>empty</td><td>thrown away</td></tr>
 * <tr><td>{@link #inherit()}</td><td colspan="2">the parent's own</td></tr>
 * <tr><td>{@link #file(Path)}</td><td>read from it</td><td>written to it, emptied first</td></tr>
 * <tr><td>{@link #append(Path)}</td><td>-</td><td>written to its end</td></tr>
 * <tr><td>{@link #capture()}</td><td>-</td><td>taken by the parent, the last lines kept</td></tr>
 * </table>
 *
 * <p><b>Thread safety.</b> Immutable.
 */
public final class Stdio {
    private static final File NOTHING = new File("/dev/null");

    /** What it is. */
    enum Kind {
        INHERIT,
        DISCARD,
        CAPTURE,
        FILE,
        APPEND
    }

    private final Kind kind;
    private final @Nullable Path path;

    private Stdio(Kind kind, @Nullable Path path) {
        this.kind = kind;
        this.path = path;
    }

    /** The parent's own stream. */
    public static Stdio inherit() {
        return new Stdio(Kind.INHERIT, null);
    }

    /** Nothing: {@code /dev/null}. */
    public static Stdio discard() {
        return new Stdio(Kind.DISCARD, null);
    }

    /**
     * Taken by the parent as it comes, so that the child never waits; the last 200 lines or 64 KiB are kept, see
     * {@link ChildJvm#lastErrorLines()}. Ends with the parent: not for a detached child that prints much.
     */
    public static Stdio capture() {
        return new Stdio(Kind.CAPTURE, null);
    }

    /** A file; for output it is made or emptied. */
    public static Stdio file(Path path) {
        return new Stdio(Kind.FILE, path.toAbsolutePath());
    }

    /** The end of a file, which is made if it is missing. */
    public static Stdio append(Path path) {
        return new Stdio(Kind.APPEND, path.toAbsolutePath());
    }

    boolean isCapture() {
        return kind == Kind.CAPTURE;
    }

    boolean isInput() {
        return kind != Kind.CAPTURE && kind != Kind.APPEND;
    }

    ProcessBuilder.Redirect forInput() {
        return kind == Kind.INHERIT ? ProcessBuilder.Redirect.INHERIT : ProcessBuilder.Redirect.from(source());
    }

    /** Not for {@link #capture()}: the launcher makes the pipe. */
    ProcessBuilder.Redirect forOutput() {
        return switch (kind) {
            case INHERIT -> ProcessBuilder.Redirect.INHERIT;
            case APPEND -> ProcessBuilder.Redirect.appendTo(source());
            case DISCARD, FILE -> ProcessBuilder.Redirect.to(source());
            case CAPTURE -> throw new IllegalStateException("captured");
        };
    }

    private File source() {
        return path == null ? NOTHING : path.toFile();
    }

    @Override
    public String toString() {
        return kind.name().toLowerCase(Locale.ROOT) + (path == null ? "" : " " + path);
    }
}

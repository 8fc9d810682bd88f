package org.jvmipc.internal;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.jvmipc.IpcException;
import org.jvmipc.internal.posix.Fcntl;
import org.jvmipc.internal.posix.Fd;
import org.jvmipc.internal.posix.OsCalls;

/**
 * The standard input and output of a child JVM whose parent connected them to pipes for data.
 *
 * <p>Before the application's {@code main} they were moved to close-on-exec descriptors above 2, with {@code /dev/null}
 * left as 0 and standard error as 1: what the application prints does not get between the data, and a process it starts
 * does not hold the pipes.
 */
public final class ChildStdio {
    private static final Slot STDIN = new Slot("stdin");
    private static final Slot STDOUT = new Slot("stdout");

    private ChildStdio() {}

    /** Moves descriptor 0 away. */
    public static void moveStdin() throws IOException {
        STDIN.put(OsCalls.duplicate(0));
        try (Fd nothing = OsCalls.open("/dev/null", Fcntl.O_RDONLY, 0)) {
            OsCalls.replace(nothing.number(), 0);
        }
    }

    /** Moves descriptor 1 away. */
    public static void moveStdout() throws IOException {
        STDOUT.put(OsCalls.duplicate(1));
        OsCalls.replace(2, 1);
    }

    /**
     * The read end of the pipe that was this JVM's standard input; the caller owns it.
     *
     * @throws IOException if the parent connected none, or it was taken before
     */
    public static Fd takeStdin() throws IOException {
        return STDIN.take();
    }

    /**
     * The write end of the pipe that was this JVM's standard output; the caller owns it.
     *
     * @throws IOException if the parent connected none, or it was taken before
     */
    public static Fd takeStdout() throws IOException {
        return STDOUT.take();
    }

    private static final class Slot {
        private final String name;
        private final AtomicReference<@Nullable Fd> fd = new AtomicReference<>();
        private volatile boolean given;

        Slot(String name) {
            this.name = name;
        }

        void put(Fd moved) {
            fd.set(moved);
            given = true;
        }

        Fd take() throws IOException {
            Fd taken = fd.getAndSet(null);
            if (taken != null) {
                return taken;
            }
            throw new IpcException(
                    given
                            ? "pipe:" + name + " is open already in this JVM; it can be opened once"
                            : "this JVM's " + name + " carries no data: its parent connected no pipe to it");
        }
    }
}

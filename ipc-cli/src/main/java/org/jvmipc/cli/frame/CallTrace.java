package org.jvmipc.cli.frame;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jvmipc.internal.posix.Errno;
import org.jvmipc.internal.posix.Seam;

/** Prints the toolkit's own system calls to standard error, each with what it answered: option {@code -vv}. */
public final class CallTrace implements Seam.Hook {
    private static final int LARGEST_ERRNO = 4095;

    private final FileOutputStream err = new FileOutputStream(FileDescriptor.err);

    /** For {@link Seam}. */
    public CallTrace() {}

    /** Begins to print. To be called before the first native call of this process. */
    public static void begin() {
        System.setProperty(Seam.PROPERTY, CallTrace.class.getName());
    }

    @Override
    public int before(String call) {
        return 0;
    }

    @Override
    public void after(String call, long result) {
        boolean failed = result < 0 && result >= -LARGEST_ERRNO;
        String answer = failed ? "-1 " + Errno.name((int) -result) : Long.toString(result);
        try {
            err.write(("ipc: " + call + " = " + answer + "\n").getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            // that nobody listens is no failure
        }
    }
}

package org.jvmipc.process;

import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.util.function.Consumer;
import org.jvmipc.OsException;
import org.jvmipc.internal.posix.Fcntl;
import org.jvmipc.internal.posix.Fd;
import org.jvmipc.internal.posix.NativeBuffer;
import org.jvmipc.internal.posix.OsCalls;
import org.jvmipc.internal.posix.PolledFd;

/** A pipe of ours as a child's standard output or error, and the last lines that came through it. */
final class CapturedStream {
    private final Fd reading;
    private final Fd childWrites;
    private final TailKeeper tail = new TailKeeper(outputCharset());

    CapturedStream() throws IOException {
        Fd[] pipe = OsCalls.pipe(Fcntl.O_NONBLOCK);
        reading = pipe[0];
        childWrites = pipe[1];
    }

    /** How a JVM started from here encodes what it prints. */
    private static Charset outputCharset() {
        String name = System.getProperty("native.encoding");
        try {
            return name == null ? Charset.defaultCharset() : Charset.forName(name);
        } catch (IllegalArgumentException e) {
            return Charset.defaultCharset();
        }
    }

    /** Where the child's stream goes; opened anew, so the child's end is a blocking one. */
    ProcessBuilder.Redirect redirect() {
        return ProcessBuilder.Redirect.to(new File("/proc/self/fd/" + childWrites.number()));
    }

    /** The child was started, or not: the parent's copy of its end goes. */
    void started() {
        childWrites.close();
    }

    Fd reading() {
        return reading;
    }

    TailKeeper tail() {
        return tail;
    }

    void close() {
        childWrites.close();
        reading.close();
    }

    /**
     * Reads what is there, at most so many times.
     *
     * @return false at the end of the file, or if it is closed
     * @throws OsException if it cannot be read now; nothing is lost
     */
    static boolean drain(Fd fd, NativeBuffer buffer, int times, Consumer<ByteBuffer> taker) throws OsException {
        for (int i = 0; i < times && fd.isOpen(); i++) {
            int count = OsCalls.read(fd.number(), buffer, buffer.capacity());
            if (count == PolledFd.WOULD_BLOCK) {
                return true;
            }
            if (count < 0) {
                throw new OsException("read", -count, fd.toString());
            }
            if (count == 0) {
                return false;
            }
            taker.accept(buffer.bytes().clear().limit(count));
        }
        return fd.isOpen();
    }
}

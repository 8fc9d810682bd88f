package org.jvmipc.process;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jvmipc.OsException;
import org.jvmipc.internal.posix.Errno;
import org.jvmipc.internal.posix.Fcntl;
import org.jvmipc.internal.posix.Fd;
import org.jvmipc.internal.posix.NativeBuffer;
import org.jvmipc.internal.posix.OsCalls;

/**
 * The parent's side of the control channel (see {@link ControlLines}): two anonymous pipes. The child opens its ends
 * through {@code /proc/<parent>/fd}, since a process started by the JDK inherits nothing but its standard streams; until
 * it has said hello the parent keeps them open for it.
 *
 * <p>The write end is the <em>lifeline</em>: only this process has it, so the kernel closes it when this process is gone,
 * however it went, and the child reads the end of the file.
 *
 * <p><b>Thread safety.</b> None: first the launching thread, then the one that watches the child.
 */
final class ControlChannel {
    /** A line of the child is a word; more than this without an end is not ours, and passed over. */
    private static final int MAX_LINE_BYTES = 256;

    private final Fd childReads;
    private final Fd lifeline;
    private final Fd reading;
    private final Fd childWrites;

    private final StringBuilder line = new StringBuilder();
    private final NativeBuffer out = new NativeBuffer(4096);
    private ByteBuffer pending = ByteBuffer.allocate(0);
    private boolean hello;
    private boolean ready;

    ControlChannel() throws IOException {
        // Non-blocking for us only: the child's open makes descriptions of its own.
        Fd[] toChild = OsCalls.pipe(Fcntl.O_NONBLOCK);
        childReads = toChild[0];
        lifeline = toChild[1];
        try {
            Fd[] fromChild = OsCalls.pipe(Fcntl.O_NONBLOCK);
            reading = fromChild[0];
            childWrites = fromChild[1];
        } catch (IOException e) {
            childReads.close();
            lifeline.close();
            throw e;
        }
    }

    /** The value of {@link ControlLines#PROPERTY} for the child. */
    String property(String flags) throws IOException {
        ProcFs.Stat self = ProcFs.read(ProcessHandle.current().pid());
        return ControlLines.VERSION + ":" + self.pid() + ":" + self.startTime() + ":" + childReads.number() + ":"
                + childWrites.number() + ":" + flags;
    }

    /** What is sent as soon as the child has said hello. */
    void handOver(String lines) {
        pending = ByteBuffer.wrap(lines.getBytes(StandardCharsets.UTF_8));
    }

    Fd reading() {
        return reading;
    }

    Fd lifeline() {
        return lifeline;
    }

    boolean saidHello() {
        return hello;
    }

    boolean saidReady() {
        return ready;
    }

    /** Whether the lifeline has to be polled for room. */
    boolean hasPending() {
        return hello && pending.hasRemaining();
    }

    /** Takes what the child said; the bytes lie between position and limit. */
    void received(ByteBuffer chunk) {
        while (chunk.hasRemaining()) {
            char next = (char) chunk.get();
            if (next != '\n') {
                if (line.length() < MAX_LINE_BYTES) {
                    line.append(next);
                }
                continue;
            }
            word(line.toString());
            line.setLength(0);
        }
    }

    private void word(String word) {
        if (word.equals(ControlLines.HELLO)) {
            hello = true;
            childReads.close();
            childWrites.close();
        } else if (word.equals(ControlLines.READY)) {
            ready = true;
        }
    }

    /**
     * Sends as much of the hand-over as the pipe takes now.
     *
     * @throws OsException if it cannot be written now; the rest is still pending
     */
    void sendPending() throws OsException {
        while (hasPending()) {
            int count = Math.min(pending.remaining(), out.capacity());
            out.bytes().put(0, pending.array(), pending.position(), count);
            int written = OsCalls.write(lifeline.number(), out, count);
            if (written == -Errno.EAGAIN) {
                return;
            }
            if (written < 0 && written != -Errno.EPIPE) {
                throw new OsException("write", -written, lifeline.toString());
            }
            // Without a reader the child has gone, which is seen elsewhere.
            pending.position(written < 0 ? pending.limit() : pending.position() + written);
        }
    }

    void close() {
        childReads.close();
        childWrites.close();
        reading.close();
        lifeline.close();
    }
}

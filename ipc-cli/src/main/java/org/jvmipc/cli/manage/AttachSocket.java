package org.jvmipc.cli.manage;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import org.jvmipc.IpcException;
import org.jvmipc.OsException;
import org.jvmipc.internal.Backoff;
import org.jvmipc.internal.Deadline;
import org.jvmipc.internal.Units;
import org.jvmipc.internal.posix.Errno;
import org.jvmipc.internal.posix.Fd;
import org.jvmipc.internal.posix.NativeBuffer;
import org.jvmipc.internal.posix.Poll;
import org.jvmipc.internal.posix.PolledFd;
import org.jvmipc.internal.posix.SocketCalls;
import org.jvmipc.internal.posix.SocketPath;

/**
 * The socket on which a JVM answers: one request, one answer, and the end. A JVM that hangs accepts nobody, and has room for few; so
 * also connecting has a time limit.
 *
 * <p><b>Thread safety.</b> Of one thread.
 */
final class AttachSocket {
    private static final int MOST_BYTES = 16 << 20;
    private static final int BUFFER_BYTES = 1 << 16;

    private final Path path;
    private final Duration patience;
    private final Deadline deadline;

    /** One that has to answer until the deadline, which is after the patience. */
    AttachSocket(Path path, Duration patience, Deadline deadline) {
        this.path = path;
        this.patience = patience;
        this.deadline = deadline;
    }

    /**
     * Sends the request, and returns all that comes.
     *
     * @throws IpcException if the answer is not there in time, or the thread was interrupted, which it is still
     */
    String ask(String request) throws IOException {
        try (Fd fd = SocketCalls.unixStream();
                PolledFd socket = new PolledFd(fd, SocketPath.BYTES, false)) {
            connect(fd);
            NativeBuffer buffer = new NativeBuffer(BUFFER_BYTES);
            byte[] bytes = request.getBytes(StandardCharsets.UTF_8);
            buffer.bytes().put(0, bytes);
            require("send", socket.write(buffer, 0, bytes.length)); // a few bytes into an empty socket: all of them
            return answer(socket, buffer);
        } catch (InterruptedException e) {
            throw interrupted();
        }
    }

    private void connect(Fd socket) throws IOException, InterruptedException {
        Backoff backoff = new Backoff();
        int result;
        while ((result = SocketCalls.connect(socket, path.toString())) == -Errno.EAGAIN) {
            if (deadline.passed()) {
                throw slow(patience);
            }
            backoff.sleep(deadline); // the backlog is full, and nothing tells when it is not
        }
        require("connect", result);
    }

    private String answer(PolledFd socket, NativeBuffer buffer) throws IOException, InterruptedException {
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        while (answer.size() < MOST_BYTES) {
            if (socket.await(Poll.POLLIN, deadline) < 0) {
                throw slow(patience);
            }
            int count = socket.read(buffer, 0, buffer.capacity());
            if (count == 0) {
                break;
            }
            if (count != PolledFd.WOULD_BLOCK) {
                byte[] some = new byte[require("recv", count)];
                buffer.bytes().get(0, some);
                answer.writeBytes(some);
            }
        }
        return answer.toString(StandardCharsets.UTF_8);
    }

    private int require(String call, int result) throws OsException {
        if (result < 0) {
            throw new OsException(call, -result, "path=" + path);
        }
        return result;
    }

    static IpcException slow(Duration patience) {
        return new IpcException("it has not answered for " + Units.formatDuration(patience));
    }

    /** Keeps the thread interrupted. */
    static IpcException interrupted() {
        Thread.currentThread().interrupt();
        return new IpcException("interrupted while it was waited for");
    }
}

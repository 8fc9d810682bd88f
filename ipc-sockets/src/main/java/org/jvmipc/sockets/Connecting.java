package org.jvmipc.sockets;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.AsynchronousCloseException;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.jvmipc.OsException;
import org.jvmipc.internal.Backoff;
import org.jvmipc.internal.Deadline;
import org.jvmipc.internal.posix.Errno;
import org.jvmipc.internal.posix.Fd;
import org.jvmipc.internal.posix.Poll;
import org.jvmipc.internal.posix.PolledFd;
import org.jvmipc.internal.posix.SocketCalls;
import org.jvmipc.internal.posix.SocketPath;

/** Makes a socket and connects it; never in {@code connect(2)} itself, which would wait deaf. */
final class Connecting {
    private static final long LOOK_NANOS = 50_000_000;

    private Connecting() {}

    /** Whether nobody is there to be connected to, who may come. */
    static boolean isAbsence(OsException failure) {
        return failure.errno() == Errno.ECONNREFUSED || failure.errno() == Errno.ENOENT;
    }

    /** Whether the next attempt may go better. */
    static boolean isTransient(OsException failure) {
        return switch (failure.errno()) {
            case Errno.ECONNRESET, Errno.ETIMEDOUT, Errno.EHOSTUNREACH, Errno.ENETUNREACH, Errno.EAGAIN -> true;
            default -> isAbsence(failure);
        };
    }

    private interface Attempt {
        /** A connected socket, or null if the deadline passed. */
        @Nullable
        Fd connect() throws IOException, InterruptedException;
    }

    /** Tries until a server is there; null if the deadline passed. */
    private static @Nullable Fd untilThere(Deadline deadline, Attempt attempt)
            throws IOException, InterruptedException {
        Backoff backoff = new Backoff();
        while (true) {
            try {
                return attempt.connect();
            } catch (OsException e) {
                if (!isAbsence(e)) {
                    throw e;
                }
            }
            if (deadline.passed()) {
                return null;
            }
            backoff.sleep(deadline); // nothing tells of a server that comes
        }
    }

    // ---- TCP

    /**
     * Connects.
     *
     * @param wait whether a server that is not there is waited for
     * @return in blocking mode; null if the deadline passed first
     * @throws OsException {@code ECONNREFUSED} if no server is there, and none is waited for
     */
    static @Nullable Fd tcp(InetSocketAddress address, SocketOptions options, Deadline deadline, boolean wait)
            throws IOException, InterruptedException {
        return wait
                ? untilThere(deadline, () -> tcp(address, options, deadline, () -> false))
                : tcp(address, options, deadline, () -> false);
    }

    /** Connects, unless it is cancelled, to a server that is there. */
    static @Nullable Fd tcp(
            InetSocketAddress address, SocketOptions options, Deadline deadline, BooleanSupplier cancelled)
            throws IOException, InterruptedException {
        Fd socket = SocketCalls.stream(address);
        boolean connected = false;
        try {
            SocketCalls.bufferSizes(socket, options.sendBufferBytes(), options.receiveBufferBytes());
            int result = SocketCalls.connect(socket, address);
            if (result == -Errno.EINPROGRESS) {
                if (!awaitConnected(socket, deadline, cancelled)) {
                    return null;
                }
                result = SocketCalls.connectResult(socket);
            }
            if (result == 0 && isSelf(socket)) {
                result = -Errno.ECONNREFUSED;
            }
            if (result != 0) {
                throw new OsException("connect", -result, "address=" + SocketCalls.text(address));
            }
            settle(socket, options);
            connected = true;
            return socket;
        } finally {
            if (!connected) {
                socket.close();
            }
        }
    }

    private static boolean awaitConnected(Fd socket, Deadline deadline, BooleanSupplier cancelled)
            throws IOException, InterruptedException {
        // A try waits as well: for loopback's answer, which is there at once.
        Deadline bounded = deadline.isNow() ? Deadline.after(Duration.ofMillis(1)) : deadline;
        try (PolledFd polled = new PolledFd(socket, SocketPath.BYTES, false)) {
            while (!cancelled.getAsBoolean()) {
                if (polled.await(Poll.POLLOUT, look(bounded)) >= 0) {
                    return true;
                }
                if (bounded.passed()) {
                    return false;
                }
            }
            throw new AsynchronousCloseException();
        }
    }

    /** When to look whether it is still wanted. */
    private static Deadline look(Deadline deadline) {
        long nanos = Math.min(LOOK_NANOS, deadline.remainingNanos());
        return Deadline.after(Duration.ofNanos(Math.max(1, nanos)));
    }

    /** Whether the kernel has given a caller the very port that he calls, where nobody listens: he is connected to himself. */
    private static boolean isSelf(Fd socket) throws IOException {
        InetSocketAddress local = SocketCalls.localAddress(socket);
        return local != null && local.equals(SocketCalls.remoteAddress(socket));
    }

    /** Settles what is settled once a TCP socket is connected, and makes it block. */
    static void settle(Fd socket, SocketOptions options) throws IOException {
        SocketCalls.noDelay(socket, options.noDelay());
        Duration keepAlive = options.keepAlive();
        if (!keepAlive.isZero()) {
            SocketCalls.keepAlive(socket, (int) Math.max(1, keepAlive.toSeconds()));
        }
        SocketCalls.makeBlocking(socket);
    }

    // ---- the Unix domain

    /**
     * Connects.
     *
     * @param wait whether a server that is not there is waited for
     * @return in blocking mode; null if the deadline passed first
     * @throws OsException {@code ENOENT} or {@code ECONNREFUSED} if no server is there, and none is waited for
     */
    static @Nullable Fd unix(String path, SocketOptions options, Deadline deadline, boolean wait)
            throws IOException, InterruptedException {
        return wait ? untilThere(deadline, () -> unix(path, options, deadline)) : unix(path, options, deadline);
    }

    private static @Nullable Fd unix(String path, SocketOptions options, Deadline deadline)
            throws IOException, InterruptedException {
        Fd socket = SocketCalls.unixStream();
        boolean connected = false;
        try {
            SocketCalls.bufferSizes(socket, options.sendBufferBytes(), options.receiveBufferBytes());
            Backoff backoff = new Backoff();
            int result;
            while ((result = SocketCalls.connect(socket, path)) == -Errno.EAGAIN) {
                if (deadline.passed()) {
                    return null;
                }
                backoff.sleep(deadline); // the backlog is full, and nothing tells when it is not
            }
            if (result != 0) {
                throw new OsException("connect", -result, "path=" + path);
            }
            SocketCalls.makeBlocking(socket);
            connected = true;
            return socket;
        } finally {
            if (!connected) {
                socket.close();
            }
        }
    }
}

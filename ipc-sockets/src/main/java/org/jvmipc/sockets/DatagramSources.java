package org.jvmipc.sockets;

import java.io.IOException;
import java.nio.channels.AsynchronousCloseException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jvmipc.Address;
import org.jvmipc.Codec;
import org.jvmipc.OsException;
import org.jvmipc.internal.Deadline;
import org.jvmipc.internal.posix.DatagramAddress;
import org.jvmipc.internal.posix.DatagramCalls;
import org.jvmipc.internal.posix.Fd;
import org.jvmipc.internal.posix.NativeBuffer;
import org.jvmipc.internal.posix.Poll;
import org.jvmipc.internal.posix.PolledFd;

/**
 * The demultiplexer behind a {@link DatagramListener}: a thread takes what comes to the one socket, and puts it into the queue
 * of its source, in the {@link SourceTable}.
 *
 * <p>It lives until the listener and all connections that it has given out are closed. The thread does not refer to
 * those, so forgotten ones are found by their safety nets.
 */
final class DatagramSources<T> {
    private static final Duration AFTER_A_FAILURE = Duration.ofMillis(10);

    final SourceTable table;
    final DatagramSending<T> sending;
    private final UdpSocket socket;
    private final Fd fd;
    private final PolledFd polled;
    private final Address address;
    private final int maxMessageBytes;
    private final Thread pump;
    private volatile boolean over;

    /** Takes over the socket. */
    DatagramSources(UdpSocket socket, Address address, Codec<T> codec, DatagramListenOptions options)
            throws IOException {
        this.socket = socket;
        this.fd = socket.fd();
        this.polled = new PolledFd(fd);
        this.address = address;
        this.maxMessageBytes = socket.maxMessageBytes();
        this.table = new SourceTable(address, options, maxMessageBytes, this::leave);
        this.sending = new DatagramSending<>(fd, address, codec, maxMessageBytes);
        this.pump = new Thread(this::run, "ipc-udp " + address.port());
        pump.setDaemon(true);
    }

    void start() {
        pump.start();
    }

    private void leave() {
        over = true;
        polled.startClosing();
    }

    private void run() {
        NativeBuffer memory = new NativeBuffer(maxMessageBytes);
        DatagramAddress from = new DatagramAddress();
        try {
            while (!over) {
                try {
                    step(memory, from);
                } catch (AsynchronousCloseException e) {
                    return;
                } catch (IOException e) {
                    pauseAfter(e);
                } catch (RuntimeException | OutOfMemoryError e) { // nothing that comes may end the server
                    pauseAfter(new IOException(address + ": a datagram was dropped: " + e, e));
                }
            }
        } finally {
            closeSocket();
        }
    }

    private void step(NativeBuffer memory, DatagramAddress from) throws IOException {
        int length = DatagramCalls.receive(fd.number(), memory, maxMessageBytes, from);
        Deadline next = table.expire();
        if (length >= 0) {
            table.deliver(from.get(), memory, length);
        } else if (length == PolledFd.WOULD_BLOCK) {
            await(next);
        } else {
            throw new OsException("recvfrom", -length, "address=" + address);
        }
    }

    private void await(Deadline next) throws IOException {
        try {
            polled.await(Poll.POLLIN, next);
        } catch (InterruptedException e) {
            // Nobody has a reason to interrupt this thread; it goes on.
        }
    }

    private void pauseAfter(IOException e) {
        table.fail(e);
        try {
            polled.pause(Deadline.after(AFTER_A_FAILURE));
        } catch (IOException | InterruptedException ended) {
            // The loop looks whether it is over.
        }
    }

    private void closeSocket() {
        try {
            sending.close();
            socket.forget();
        } catch (IOException e) {
            // It counts as closed all the same.
        } finally {
            closeDescriptor();
            table.end();
        }
    }

    private void closeDescriptor() {
        try {
            polled.close();
        } catch (IOException e) {
            // The number is free whatever it answers.
        }
    }

    /** What was dropped for want of room, here or by the kernel. */
    long dropped() throws IOException {
        return table.dropped() + DatagramCalls.dropped(fd);
    }

    /** Waits, if it is over, until the socket is closed, so that the port is free; an interrupt is kept for later. */
    void awaitEnd() {
        boolean interrupted = false;
        while (over && pump.isAlive()) {
            try {
                TimeUnit.MILLISECONDS.timedJoin(pump, 100);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}

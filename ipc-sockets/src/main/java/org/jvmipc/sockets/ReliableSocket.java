package org.jvmipc.sockets;

import java.io.IOException;
import java.lang.ref.Cleaner;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.jvmipc.Address;
import org.jvmipc.internal.Deadline;
import org.jvmipc.internal.posix.DatagramAddress;
import org.jvmipc.internal.posix.DatagramCalls;
import org.jvmipc.internal.posix.Errno;
import org.jvmipc.internal.posix.NativeBuffer;
import org.jvmipc.internal.posix.Poll;
import org.jvmipc.internal.posix.PolledFd;
import org.jvmipc.sockets.internal.reliable.RudpLayout;

/**
 * A socket of reliable datagrams: its thread takes what comes and keeps the timers; what is sent goes out in the thread that sends, as far as
 * it may. The protocol itself is in {@code internal.reliable}.
 *
 * <p><b>Thread safety.</b> One lock for all that the sessions of this socket are; nobody holds it while he waits.
 */
abstract class ReliableSocket {
    static final Cleaner CLEANER = Cleaner.create();
    static final long NEVER = Long.MAX_VALUE;

    /** So many datagrams are taken before they are answered, so that many have one answer. */
    private static final int MOST_AT_ONCE = 16;

    /** While there is traffic the thread sleeps no longer, so that who sends need not wake it for his timers. */
    private static final long BUSY_SLEEP_NANOS = 2_000_000;

    private static final long BUSY_NANOS = 20_000_000;
    private static final Duration AFTER_A_FAILURE = Duration.ofMillis(10);

    final ReentrantLock lock = new ReentrantLock();
    final Address address;
    final InetSocketAddress local;
    private final UdpSocket socket;
    private final PolledFd polled;
    private final int packetBytes;
    private final NativeBuffer coming;
    private final NativeBuffer going;
    private final ByteBuffer packet;
    private final ByteBuffer outgoing;
    private final DatagramAddress from = new DatagramAddress();
    private final DatagramAddress to = new DatagramAddress();
    private final Thread thread;
    private final long start = System.nanoTime();

    /** The length of the packet that the kernel has no room for; 0: there is none. */
    private int held;

    private @Nullable InetSocketAddress heldFor;
    private long timers = NEVER;
    private long sleepsUntil;
    private long busyUntil;
    private boolean over;
    private boolean closed;

    /** Takes over the socket. */
    ReliableSocket(UdpSocket socket, Address address, int packetBytes) throws IOException {
        this.socket = socket;
        this.polled = new PolledFd(socket.fd());
        this.address = address;
        this.local = socket.local();
        this.packetBytes = packetBytes;
        this.coming = new NativeBuffer(packetBytes);
        this.going = new NativeBuffer(packetBytes);
        this.packet = coming.bytes();
        this.outgoing = going.bytes();
        this.thread = new Thread(this::run, "ipc-rudp " + local.getPort());
        thread.setDaemon(true);
    }

    final void start() {
        thread.start();
    }

    /** The time on the clock of the sessions. */
    final long now() {
        return System.nanoTime() - start;
    }

    // ---- what the two kinds of sockets do, under the lock

    /** A datagram has come; the end that it was for, or null. */
    abstract @Nullable ReliableEnd received(
            boolean whole, @Nullable InetSocketAddress source, ByteBuffer bytes, long now);

    /** Nobody has the port that was sent to. */
    abstract void refused();

    abstract Collection<ReliableEnd> ends();

    /** The timers were looked at: forgets what is over; true if nothing is left for this socket to do. */
    abstract boolean isUnused(long now);

    /** Whether there is something for the thread to do without the lock. */
    boolean hasErrand() {
        return false;
    }

    /** Not under the lock: does it, in the thread. */
    void errand() {}

    // ---- sending, under the lock

    /** Sends what may go out now, wakes who waits for what has changed, and notes when to look again. */
    final void pump(ReliableEnd end, long now) {
        while (held == 0 && end.next(outgoing, now)) {
            transmit(end.target, outgoing.limit());
        }
        end.changed();
        timers = Math.min(timers, end.deadline());
        if (timers < sleepsUntil) {
            wake();
        }
    }

    /** Sends a packet that is in the buffer. */
    final void transmit(@Nullable InetSocketAddress target, int length) {
        if (closed) {
            return;
        }
        if (target != null) {
            to.set(target);
        }
        int result = DatagramCalls.send(socket.fd().number(), going, length, target == null ? null : to);
        if (result == -Errno.ECONNREFUSED) { // of an earlier one; this one was not sent
            refused();
        } else if (result == PolledFd.WOULD_BLOCK) {
            held = length;
            heldFor = target;
            wake();
        }
        // Whatever else is wrong with the path: it is lost, and sent again.
    }

    /** The buffer to write a packet into that does not come from a session; null if there is none free. */
    final @Nullable ByteBuffer spare() {
        return held == 0 ? outgoing : null;
    }

    final void wake() {
        sleepsUntil = 0;
        if (Thread.currentThread() != thread) {
            polled.nudge();
        }
    }

    /** Has all ends looked at soon. */
    final void lookAtAll() {
        timers = 0;
        wake();
    }

    // ---- the thread

    private void run() {
        try {
            while (!over) {
                try {
                    step();
                } catch (AsynchronousCloseException e) {
                    return;
                } catch (IOException | RuntimeException | OutOfMemoryError e) { // nothing that comes may end it
                    lookAtAllAgain(); // where it was cut off, timers and marks are lost
                    pauseAfterAFailure();
                }
            }
        } finally {
            closeSocket();
        }
    }

    private void step() throws IOException {
        polled.takeNudge();
        int taken = 0;
        while (taken < MOST_AT_ONCE && take()) {
            taken++;
        }
        long sleep;
        boolean errand;
        int events = Poll.POLLIN;
        lock.lock();
        try {
            long now = now();
            work(now, taken > 0);
            errand = hasErrand();
            if (over || (taken == MOST_AT_ONCE && !errand)) {
                return;
            }
            long until = now < busyUntil ? Math.min(timers, now + BUSY_SLEEP_NANOS) : timers;
            if (held > 0) { // the timers cannot send either
                events |= Poll.POLLOUT;
                until = now + BUSY_SLEEP_NANOS;
            }
            sleep = until == NEVER ? NEVER : Math.max(0, until - now);
            sleepsUntil = errand ? 0 : until;
        } finally {
            lock.unlock();
        }
        if (errand) {
            errand();
        } else if (sleep > 0) {
            sleep(events, sleep);
        }
    }

    private void sleep(int events, long nanos) throws IOException {
        try {
            polled.await(events, nanos == NEVER ? Deadline.NEVER : Deadline.after(Duration.ofNanos(nanos)));
        } catch (InterruptedException e) {
            // Nobody has a reason to interrupt this thread; it goes on.
        }
    }

    /** Takes a datagram; false if there is none. */
    private boolean take() {
        int length = DatagramCalls.receive(socket.fd().number(), coming, packetBytes, from);
        if (length == PolledFd.WOULD_BLOCK) {
            return false;
        }
        if (length < 0) {
            lock.lock();
            try {
                if (length == -Errno.ECONNREFUSED) {
                    refused();
                }
            } finally {
                lock.unlock();
            }
            return true;
        }
        packet.clear().limit(Math.min(length, packetBytes));
        boolean whole = length <= packetBytes && RudpLayout.isWhole(packet);
        packet.position(0);
        InetSocketAddress source = source(from);
        lock.lock();
        try {
            ReliableEnd end = received(whole, source, packet, now());
            if (end != null) {
                end.touched = true;
            }
        } finally {
            lock.unlock();
        }
        return true;
    }

    /** Where it comes from; not looked at where there is but one peer. */
    @Nullable
    InetSocketAddress source(DatagramAddress found) {
        return found.get();
    }

    private void work(long now, boolean traffic) {
        sleepsUntil = 0;
        boolean all = now >= timers;
        if (held > 0) {
            int length = held;
            held = 0;
            transmit(heldFor, length);
            all |= held == 0;
        }
        if (traffic) {
            busyUntil = now + BUSY_NANOS;
        }
        if (all) {
            timers = NEVER;
        }
        for (ReliableEnd end : touchedOr(all)) {
            end.touched = false;
            try {
                pump(end, now);
            } catch (RuntimeException e) { // of this session: the others go on
                end.failed(e);
            }
        }
        if (all && isUnused(now)) {
            over = true;
        }
    }

    /** All ends, or those that something has come for. */
    abstract Collection<ReliableEnd> touchedOr(boolean all);

    private void lookAtAllAgain() {
        lock.lock();
        try {
            timers = 0;
        } finally {
            lock.unlock();
        }
    }

    private void pauseAfterAFailure() {
        try {
            polled.pause(Deadline.after(AFTER_A_FAILURE));
        } catch (IOException | InterruptedException ended) {
            // The loop looks whether it is over.
        }
    }

    private void closeSocket() {
        try {
            socket.forget();
        } catch (IOException e) {
            // It counts as closed all the same.
        }
        lock.lock();
        try {
            over = true;
            closed = true;
            polled.startClosing();
            polled.close();
        } catch (IOException e) {
            // The number is free whatever it answers.
        } finally {
            ends().forEach(ReliableEnd::socketClosed);
            ended();
            lock.unlock();
        }
    }

    /** Closes a socket for which there is no thread. */
    static void discard(UdpSocket socket) {
        try {
            socket.forget();
        } catch (IOException e) {
            // Its record is found to be stale.
        } finally {
            socket.fd().close();
        }
    }

    /** The socket is closed. */
    void ended() {}

    /** Under the lock: whether the thread has ended, or is about to. */
    final boolean isOver() {
        return over;
    }

    /** Under the lock: ends the thread, and closes the socket. */
    final void end() {
        over = true;
        polled.startClosing();
    }

    /** Under the lock: the same if nothing is left for it to do. */
    final void endIfUnused() {
        if (!over && isUnused(now())) {
            end();
        }
    }

    /** Waits, if it is over, until the socket is closed, so that the port is free; an interrupt is kept for later. */
    final void awaitEnd() {
        boolean interrupted = false;
        while (isOverLocked() && thread.isAlive() && Thread.currentThread() != thread) {
            try {
                TimeUnit.MILLISECONDS.timedJoin(thread, 100);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean isOverLocked() {
        lock.lock();
        try {
            return over;
        } finally {
            lock.unlock();
        }
    }
}

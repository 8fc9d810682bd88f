package org.jvmipc.sockets;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.security.SecureRandom;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.locks.Condition;
import org.jspecify.annotations.Nullable;
import org.jvmipc.Address;
import org.jvmipc.OsException;
import org.jvmipc.internal.Deadline;
import org.jvmipc.internal.posix.DatagramAddress;
import org.jvmipc.internal.posix.Errno;
import org.jvmipc.internal.posix.SocketCalls;
import org.jvmipc.sockets.internal.reliable.ClientSession;
import org.jvmipc.sockets.internal.reliable.Gone;
import org.jvmipc.sockets.internal.reliable.Session;
import org.jvmipc.sockets.internal.reliable.SessionSettings;

/** The side that connects: a connected socket, and its one session. */
final class ReliableCaller extends ReliableSocket {
    private static final long FIRST_PAUSE_NANOS = 50_000_000;
    private static final long LONGEST_PAUSE_NANOS = 1_000_000_000;
    private static final SecureRandom RANDOM = new SecureRandom();

    final ReliableEnd end;
    private final InetSocketAddress peer;
    private final SessionSettings settings;
    private final List<ReliableEnd> ends;
    private final Condition shaken = lock.newCondition();
    private ClientSession client;
    private boolean nobody;
    private long pause = FIRST_PAUSE_NANOS;
    private boolean givenUp;

    private ReliableCaller(
            UdpSocket socket,
            InetSocketAddress peer,
            Address address,
            SessionSettings settings,
            ReliableOptions options)
            throws IOException {
        super(socket, address, settings.packetBytes());
        this.peer = peer;
        this.settings = settings;
        this.client = newClient(now());
        this.end = new Only(options);
        this.ends = List.of(end);
    }

    private ClientSession newClient(long from) {
        return new ClientSession(RANDOM.nextLong(), RANDOM.nextLong(), settings, from);
    }

    /**
     * Connects.
     *
     * @param patient whether a server that is not there, or takes nobody, is waited for
     * @return null if the deadline passed first
     * @throws OsException {@code ECONNREFUSED} if nobody is there, or he takes nobody
     */
    static @Nullable ReliableCaller connect(
            InetSocketAddress peer, ReliableOptions options, Deadline deadline, boolean patient)
            throws IOException, InterruptedException {
        SessionSettings settings = options.settings(peer);
        UdpSocket socket = UdpSocket.connected(peer, options.datagrams(peer));
        ReliableCaller caller = started(socket, peer, settings, options);
        boolean connected = false;
        try {
            connected = caller.awaitSession(deadline, patient);
            return connected ? caller : null;
        } finally {
            if (!connected) {
                caller.giveUp();
            }
        }
    }

    private static ReliableCaller started(
            UdpSocket socket, InetSocketAddress peer, SessionSettings settings, ReliableOptions options)
            throws IOException {
        boolean started = false;
        try {
            ReliableCaller caller =
                    new ReliableCaller(socket, peer, ReliableAddress.of(peer, options), settings, options);
            caller.start();
            started = true;
            return caller;
        } finally {
            if (!started) {
                discard(socket);
            }
        }
    }

    private boolean awaitSession(Deadline deadline, boolean patient) throws IOException, InterruptedException {
        lock.lockInterruptibly();
        try {
            lookAtAll();
            while (client.session() == null) {
                if (isOver()) {
                    throw new AsynchronousCloseException();
                }
                if (!patient && (nobody || client.isRefused())) {
                    throw new OsException(
                            "connect",
                            Errno.ECONNREFUSED,
                            "address=" + SocketCalls.text(peer)
                                    + (nobody ? "" : ", which has no place for one more session"));
                }
                if (client.isRefused()) {
                    client = newClient(now() + pause); // who is full is not asked again at once
                    pause = Math.min(LONGEST_PAUSE_NANOS, 2 * pause);
                    lookAtAll();
                }
                if (!SourceTable.await(shaken, deadline)) {
                    return false;
                }
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Nothing has come from there. */
    static OsException silent(InetSocketAddress peer) {
        return new OsException("connect", Errno.ETIMEDOUT, "address=" + SocketCalls.text(peer));
    }

    private void giveUp() {
        lock.lock();
        try {
            givenUp = true;
            end.abandon();
            end();
        } finally {
            lock.unlock();
        }
        awaitEnd();
    }

    @Override
    @Nullable
    InetSocketAddress source(DatagramAddress found) {
        return null; // the kernel lets nobody else through
    }

    @Override
    @Nullable
    ReliableEnd received(boolean whole, @Nullable InetSocketAddress source, ByteBuffer bytes, long now) {
        if (!whole) {
            client.damaged();
            return null;
        }
        boolean before = client.session() != null;
        client.receive(bytes, now);
        if (!before && (client.session() != null || client.isRefused())) {
            shaken.signalAll();
        }
        return end;
    }

    @Override
    void refused() {
        Session session = client.session();
        if (session == null) {
            nobody = true;
            shaken.signalAll();
        } else {
            session.fail(Gone.UNREACHABLE);
            lookAtAll();
        }
    }

    @Override
    Collection<ReliableEnd> ends() {
        return ends;
    }

    @Override
    Collection<ReliableEnd> touchedOr(boolean all) {
        return all || end.touched ? ends : List.of();
    }

    @Override
    boolean isUnused(long now) {
        return givenUp || (end.isClosed() && end.isDone(now) && now >= resetUntil());
    }

    /** The server does not hear it from the kernel that nobody is here any more: its socket is not connected. */
    private long resetUntil() {
        Session session = client.session();
        return session == null ? 0 : session.resetUntil();
    }

    @Override
    void ended() {
        shaken.signalAll();
    }

    /** The one end. */
    private final class Only extends ReliableEnd {
        Only(ReliableOptions options) {
            super(ReliableCaller.this, null, options);
        }

        @Override
        @Nullable
        Session session() {
            return client.session();
        }

        @Override
        boolean next(ByteBuffer packet, long now) {
            return client.next(packet, now);
        }

        @Override
        long deadline() {
            long asked = isClosed() && resetUntil() > 0 ? resetUntil() : NEVER;
            return Math.min(client.deadline(), asked);
        }
    }
}

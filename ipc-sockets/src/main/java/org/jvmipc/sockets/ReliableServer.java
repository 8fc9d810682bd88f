package org.jvmipc.sockets;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.security.SecureRandom;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import org.jspecify.annotations.Nullable;
import org.jvmipc.internal.Deadline;
import org.jvmipc.sockets.internal.PortTable;
import org.jvmipc.sockets.internal.reliable.Cookies;
import org.jvmipc.sockets.internal.reliable.Gone;
import org.jvmipc.sockets.internal.reliable.ServedSession;
import org.jvmipc.sockets.internal.reliable.Session;
import org.jvmipc.sockets.internal.reliable.SessionSettings;
import org.jvmipc.sockets.internal.reliable.SessionTable;

/** The side that is connected to: a bound socket, and all its sessions. It lives until the listener and all connections are closed. */
final class ReliableServer extends ReliableSocket {
    private final ReliableListenOptions options;
    private final SessionTable table;
    private final PortWatch watch;
    private final Map<ServedSession, Served> ends = new LinkedHashMap<>();
    private final List<ReliableEnd> touched = new ArrayList<>();
    private final ArrayDeque<Served> waiting = new ArrayDeque<>();
    private final Condition offered = lock.newCondition();
    private final Condition over = lock.newCondition();
    private boolean listening = true;

    private ReliableServer(
            UdpSocket socket, ReliableListenOptions options, SessionSettings settings, PortWatch.Ports ports)
            throws IOException {
        super(socket, ReliableAddress.of(socket.local(), options.reliable()), settings.packetBytes());
        this.options = options;
        this.watch = new PortWatch(ports);
        SecureRandom random = new SecureRandom();
        byte[] key = new byte[Cookies.KEY_BYTES];
        random.nextBytes(key);
        this.table =
                new SessionTable(settings, options.maxSessions(), new Cookies(key), random::nextLong, this::answer);
    }

    static ReliableServer bind(InetSocketAddress address, ReliableListenOptions options) throws IOException {
        return bind(address, options, PortTable.UDP::bound);
    }

    /** One that asks there which ports somebody has. */
    static ReliableServer bind(InetSocketAddress address, ReliableListenOptions options, PortWatch.Ports ports)
            throws IOException {
        ReliableOptions reliable = options.reliable();
        UdpSocket socket = UdpSocket.bound(ReliableAddress.SCHEME, address, reliable.datagrams(address), true);
        boolean started = false;
        try {
            ReliableServer server = new ReliableServer(socket, options, reliable.settings(address), ports);
            server.start();
            started = true;
            return server;
        } finally {
            if (!started) {
                discard(socket);
            }
        }
    }

    /** Goes out at once or not at all: who asked asks again. */
    private void answer(InetSocketAddress to, ByteBuffer packet) {
        ByteBuffer free = spare();
        if (free != null) {
            free.clear().put(packet.duplicate()).flip();
            transmit(to, free.limit());
        }
    }

    // ---- what comes, under the lock

    @Override
    @Nullable
    ReliableEnd received(boolean whole, @Nullable InetSocketAddress source, ByteBuffer bytes, long now) {
        if (source == null) {
            throw new IllegalStateException("a datagram from nowhere");
        }
        if (!whole) {
            table.damaged(source, bytes);
            return null;
        }
        ServedSession session = table.take(source, bytes, now);
        if (session == null) {
            return null;
        }
        Served end = ends.get(session);
        if (end == null) {
            ServedSession replaced = table.takeReplaced();
            if (replaced != null) {
                touched.remove(ends.remove(replaced));
            }
            end = new Served(session);
            ends.put(session, end);
        }
        if (!end.shown && session.session.isConfirmed()) {
            show(end);
        }
        if (!end.touched) {
            touched.add(end);
        }
        return end;
    }

    private void show(Served end) {
        end.shown = true;
        lookAtAll(); // an earlier session of this address has ended
        if (listening) {
            waiting.add(end);
            offered.signal();
            limit();
        } else {
            end.startClosing();
        }
    }

    private void limit() {
        table.limit(listening && waiting.size() < options.backlog() ? options.maxSessions() : 0);
    }

    @Override
    void refused() {
        // The kernel says that only of a connected socket.
    }

    @Override
    Collection<ReliableEnd> ends() {
        return List.copyOf(ends.values());
    }

    @Override
    Collection<ReliableEnd> touchedOr(boolean all) {
        List<ReliableEnd> these = all ? new ArrayList<>(ends.values()) : new ArrayList<>(touched);
        touched.clear();
        return these;
    }

    @Override
    boolean isUnused(long now) {
        ends.values().forEach(end -> end.askForPort(now));
        if (watch.isAsked()) {
            wake();
        }
        for (Iterator<Served> all = ends.values().iterator(); all.hasNext(); ) {
            Served end = all.next();
            end.endPatience(now);
            // Who is forgotten by the table is answered by RESET; who waits to be accepted, or to be received from, is
            // kept here.
            boolean unused = end.isClosed() || !end.shown;
            if (unused && (end.session.isOver(now) || (!listening && end.isDone(now)))) {
                all.remove();
            }
        }
        table.forget(now);
        boolean unused = !listening && ends.values().stream().noneMatch(end -> end.shown);
        if (unused || ends.isEmpty()) {
            over.signalAll();
        }
        return unused;
    }

    @Override
    boolean hasErrand() {
        return watch.isAsked();
    }

    /** The kernel's table may be long, and nobody waits for it. */
    @Override
    void errand() {
        Set<InetSocketAddress> silent;
        lock.lock();
        try {
            silent = watch.take();
        } finally {
            lock.unlock();
        }
        long begun = now();
        Set<InetSocketAddress> missing = Set.of();
        try {
            missing = watch.missing(silent);
        } finally { // whatever happens, who was looked for is looked for again
            looked(silent, missing, begun);
        }
    }

    private void looked(Set<InetSocketAddress> silent, Set<InetSocketAddress> missing, long begun) {
        lock.lock();
        try {
            long ended = now();
            watch.looked(begun, ended);
            ends.values().forEach(end -> end.looked(silent, missing, ended));
            if (!missing.isEmpty()) {
                lookAtAll();
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    void ended() {
        offered.signalAll();
        over.signalAll();
    }

    // ---- accepting

    /** The next session, which is the caller's to close. */
    @Nullable
    ReliableEnd accept(Deadline deadline) throws IOException, InterruptedException {
        if (deadline.isNow()) {
            lock.lock(); // nobody keeps it for long
        } else {
            lock.lockInterruptibly();
        }
        try {
            if (!listening) {
                throw new ClosedChannelException();
            }
            while (true) {
                Served end = waiting.poll();
                if (end != null) {
                    limit();
                    return end;
                }
                if (!SourceTable.await(offered, deadline)) {
                    return null;
                }
                if (!listening) {
                    throw new AsynchronousCloseException();
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /** No further sessions; those that wait are closed, those given out go on. */
    void stopListening() {
        lock.lock();
        try {
            if (!listening) {
                return;
            }
            listening = false;
            limit();
            waiting.forEach(ReliableEnd::startClosing);
            waiting.clear();
            offered.signalAll();
            lookAtAll();
        } finally {
            lock.unlock();
        }
    }

    /** Waits for the socket to be closed, if nobody was accepted that is not closed; as long as a close waits. */
    void awaitUnused() {
        Deadline deadline = Deadline.after(options.reliable().linger());
        boolean interrupted = false;
        lock.lock();
        try {
            while (!isOver() && ends.values().stream().allMatch(end -> end.isClosed() || !end.shown)) {
                try {
                    if (!SourceTable.await(over, deadline)) {
                        break;
                    }
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
            endIfUnused();
        } finally {
            lock.unlock();
        }
        awaitEnd();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    // ---- what can be said of it

    int sessions() {
        lock.lock();
        try {
            return (int) ends.values().stream().filter(end -> end.shown).count();
        } finally {
            lock.unlock();
        }
    }

    /** How much is kept of those who have sent something, whoever they are. */
    int kept() {
        lock.lock();
        try {
            return table.kept() + ends.size() + waiting.size() + touched.size();
        } finally {
            lock.unlock();
        }
    }

    long refusals() {
        lock.lock();
        try {
            return table.refused();
        } finally {
            lock.unlock();
        }
    }

    long corrupt() {
        lock.lock();
        try {
            return table.corrupt();
        } finally {
            lock.unlock();
        }
    }

    /** One of its sessions. */
    private final class Served extends ReliableEnd {
        final ServedSession session;

        /** Whether it is a socket of this machine. */
        private final boolean isHere;

        private final PortLooks looks = new PortLooks(watch);

        /** It was confirmed, and so given to who accepts. */
        boolean shown;

        Served(ServedSession session) {
            super(ReliableServer.this, session.address, options.reliable());
            this.session = session;
            this.isHere = session.address.getAddress().isLoopbackAddress();
        }

        @Override
        Session session() {
            return session.session;
        }

        @Override
        boolean next(ByteBuffer packet, long now) {
            return session.next(packet, now);
        }

        @Override
        long deadline() {
            return Math.min(session.deadline(), portDeadline());
        }

        private long portDeadline() {
            return isHere ? looks.deadline(session.session.unansweredSince(), session.session.heardAt()) : NEVER;
        }

        /** Has the port looked for of who does not answer. */
        void askForPort(long now) {
            if (now >= portDeadline()) {
                looks.ask(session.session.unansweredSince(), session.session.heardAt());
                watch.ask(session.address);
            }
        }

        /** Nobody has the port, for the second time; unless he has answered meanwhile, and it was another's. */
        void looked(Set<InetSocketAddress> silent, Set<InetSocketAddress> missing, long ended) {
            if (looks.isPending()
                    && silent.contains(session.address)
                    && looks.looked(missing.contains(session.address), session.session.heardAt(), ended)) {
                session.session.fail(Gone.UNREACHABLE);
            }
        }
    }
}

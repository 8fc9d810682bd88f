package org.jvmipc.sockets;

import java.io.IOException;
import java.lang.ref.Cleaner;
import java.net.InetSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.jvmipc.Address;
import org.jvmipc.Capability;
import org.jvmipc.Listener;
import org.jvmipc.internal.Deadline;

/**
 * A server of datagrams that keeps its clients apart: the first datagram of an address makes a connection to be accepted, the
 * later ones are its messages, and what is sent there goes back to that address.
 *
 * <pre>{@code
 * try (DatagramListener<String> server = Datagrams.listen(address, Codecs.utf8())) {
 *     try (DatagramConnection<String> client = server.accept()) {      // waits for somebody's first message
 *         client.send("got: " + client.receive());
 *     }
 * }
 * }</pre>
 *
 * <p>The verbs are those of {@link Listener}.
 *
 * <p>UDP knows no connections, so a client that comes is only an address that sent something, and one that leaves is only
 * silent: after the idle time its connection is at its end ({@code CLOSED}), and what comes from there later is a new one.
 * The same after a close of its connection here. With a client that has died nothing else happens.
 *
 * <p><b>Hostile sources.</b> All is bounded by {@link DatagramListenOptions}: sources, what waits of each, bytes in all. Beyond
 * that datagrams are dropped, and counted. Somebody who forges addresses can use up the places for new sources until they time
 * out; he can neither end the server nor get more memory.
 *
 * <p>Closing it drops those that wait to be accepted, and not the connections that it has given out; the port is free when they
 * are closed, too. A thread of this JVM takes what comes.
 *
 * <p><b>Thread safety.</b> Several threads may accept; each connection goes to one of them.
 *
 * <p><b>Memory consistency effects.</b> See {@link org.jvmipc.Sender}.
 *
 * <p><b>Platform notes.</b> See {@code udp(7)}.
 *
 * @param <T> what a message is in Java
 */
public final class DatagramListener<T> implements Listener<T> {
    private final DatagramSources<T> sources;
    private final UdpListening<T> listening;
    private final AtomicBoolean closed = new AtomicBoolean();
    private final Cleaner.Cleanable cleanable;

    DatagramListener(DatagramSources<T> sources, UdpListening<T> listening) {
        this.sources = sources;
        this.listening = listening;
        this.cleanable = SourceConnection.CLEANER.register(this, sources.table::stopListening);
        sources.start();
    }

    @Override
    public DatagramConnection<T> accept() throws IOException, InterruptedException {
        DatagramConnection<T> connection = accept(Deadline.NEVER);
        if (connection == null) {
            throw new IllegalStateException("an accept without deadline ran out of time");
        }
        return connection;
    }

    @Override
    public @Nullable DatagramConnection<T> tryAccept() throws IOException {
        try {
            return accept(Deadline.NOW);
        } catch (InterruptedException e) {
            throw new IllegalStateException("an accept that never waits was interrupted", e);
        }
    }

    @Override
    public @Nullable DatagramConnection<T> tryAccept(Duration timeout) throws IOException, InterruptedException {
        return accept(Deadline.after(timeout));
    }

    private @Nullable DatagramConnection<T> accept(Deadline deadline) throws IOException, InterruptedException {
        if (closed.get()) {
            throw new ClosedChannelException();
        }
        DatagramSource source = sources.table.accept(deadline);
        return source == null ? null : new SourceConnection<>(sources, source, listening);
    }

    /** Where it listens: with the port that the kernel chose, if it was asked for none. */
    public InetSocketAddress localAddress() {
        return listening.local();
    }

    /** How many sources there are: those that wait to be accepted, and those that were and are not closed. */
    public int sources() {
        return sources.table.present();
    }

    /** How many datagrams of new sources were dropped because there was no place for one more. */
    public long refused() {
        return sources.table.refused();
    }

    /**
     * How many datagrams were dropped because too much was waiting, here or in the kernel's buffer.
     *
     * @throws IOException if it is closed, or the kernel does not tell
     */
    public long dropped() throws IOException {
        return sources.dropped();
    }

    @Override
    public Address address() {
        return listening.address();
    }

    @Override
    public Set<Capability> capabilities() {
        return UdpSocket.CAPABILITIES;
    }

    @Override
    public boolean isOpen() {
        return !closed.get();
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            cleanable.clean();
            sources.awaitEnd();
        }
    }
}

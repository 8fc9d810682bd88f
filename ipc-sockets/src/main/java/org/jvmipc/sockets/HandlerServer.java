package org.jvmipc.sockets;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.jvmipc.Address;
import org.jvmipc.Capability;
import org.jvmipc.Codec;
import org.jvmipc.UnsupportedMechanismException;
import org.jvmipc.internal.Deadline;
import org.jvmipc.internal.posix.Fd;
import org.jvmipc.sockets.internal.Party;
import org.jvmipc.sockets.internal.loop.EventLoops;
import org.jvmipc.sockets.internal.loop.LoopChannels;

/**
 * A thread that accepts, as one of the user's would, and puts each connection on an event loop: so both forms have the same welcome, with its policy,
 * its limits, and its patience when there are no descriptors.
 */
final class HandlerServer<T> implements SocketServer {
    private final Welcoming<HandledConnection<T>> welcome;
    private final Door door;
    private final Set<HandledConnection<T>> connections = ConcurrentHashMap.newKeySet();
    private final Codec<T> codec;
    private final Supplier<? extends ConnectionHandler<T>> handlers;
    private volatile boolean over;

    HandlerServer(Door door, ListenOptions options, Codec<T> codec, Supplier<? extends ConnectionHandler<T>> handlers) {
        this.codec = codec;
        this.handlers = handlers;
        this.door = door;
        this.welcome = new Welcoming<>(door, options, this::adopt);
        Thread acceptor = new Thread(this::accept, "ipc-accept " + welcome.address());
        acceptor.setDaemon(true);
        acceptor.start();
    }

    /** Refuses where connections cannot be handed to an event loop. */
    static void requireEpoll(Address address) throws UnsupportedMechanismException {
        if (!EventLoops.isEpoll()) {
            throw new UnsupportedMechanismException(address
                    + ": handlers need epoll of Netty, which is not to be had on this machine, or is switched off"
                    + " (org.jvmipc.sockets.epoll=false); accept() and receive() work without");
        }
    }

    private HandledConnection<T> adopt(Fd socket, Party party, Runnable onClose) throws IOException {
        Listed<T> listed = new Listed<>(connections, onClose, () -> over);
        HandledConnection<T> connection = LoopChannels.adopt(socket, party, codec, handlers.get(), listed);
        listed.add(connection);
        return connection;
    }

    /** Knows the connection as long as it is open, whichever comes first. */
    static final class Listed<T> implements Consumer<Boolean> {
        private final Set<HandledConnection<T>> connections;
        private final Runnable onClose;
        private final BooleanSupplier isOver;
        private @Nullable HandledConnection<T> connection;
        private boolean closed;

        /**
         * A connection that comes into the set.
         *
         * @param isOver whether all have been closed, so that one that comes late has to be, too
         */
        Listed(Set<HandledConnection<T>> connections, Runnable onClose, BooleanSupplier isOver) {
            this.connections = connections;
            this.onClose = onClose;
            this.isOver = isOver;
        }

        void add(HandledConnection<T> opened) throws IOException {
            synchronized (this) {
                connection = opened;
                if (!closed) {
                    connections.add(opened);
                }
            }
            if (isOver.getAsBoolean()) {
                opened.close();
            }
        }

        @Override
        public void accept(Boolean wasOpened) {
            synchronized (this) {
                closed = true;
                if (connection != null) {
                    connections.remove(connection);
                }
            }
            onClose.run();
        }
    }

    private void accept() {
        while (welcome.isOpen()) {
            try {
                welcome.accept(Deadline.NEVER);
            } catch (ClosedChannelException e) {
                return;
            } catch (IOException | RuntimeException | Error e) {
                // A policy, a handler's constructor or the kernel has failed for one caller: the next one is served.
                pause();
            } catch (InterruptedException e) {
                return; // nobody interrupts it but to end it
            }
        }
    }

    /** So that a failure of every accept does not take a processor. */
    private static void pause() {
        try {
            Thread.sleep(10);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public Address address() {
        return welcome.address();
    }

    @Override
    public Set<Capability> capabilities() {
        return door.capabilities();
    }

    @Override
    public @Nullable InetSocketAddress localAddress() {
        return door.localAddress();
    }

    @Override
    public boolean isOpen() {
        return welcome.isOpen();
    }

    @Override
    public int connections() {
        return welcome.connections();
    }

    @Override
    public long refused() {
        return welcome.refused();
    }

    @Override
    public void close() throws IOException {
        welcome.close();
    }

    @Override
    public void closeAll() throws IOException {
        over = true;
        try {
            close();
        } finally {
            LoopChannels.closeAll(List.copyOf(connections));
        }
    }
}

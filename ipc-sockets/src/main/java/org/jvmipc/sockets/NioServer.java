package org.jvmipc.sockets;

import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jvmipc.Address;
import org.jvmipc.Capability;
import org.jvmipc.Codec;
import org.jvmipc.OsException;
import org.jvmipc.internal.posix.Errno;
import org.jvmipc.internal.posix.SocketCalls;
import org.jvmipc.sockets.internal.Party;
import org.jvmipc.sockets.internal.PortRecord;
import org.jvmipc.sockets.internal.loop.EventLoops;
import org.jvmipc.sockets.internal.loop.LoopChannels;

/** TCP with handlers where Netty has no epoll: the JDK's channels on event loops of NIO. */
final class NioServer<T> implements SocketServer {
    private static final long PAUSE_MILLIS = 50;
    private static final long PATIENCE_MILLIS = 1000;

    private final ServerSocketChannel listening;
    private final Thread acceptor;
    private final InetSocketAddress localAddress;
    private final Address address;
    private final PortRecord record;
    private final AtomicBoolean closed = new AtomicBoolean();
    private final ListenOptions options;
    private final Codec<T> codec;
    private final Supplier<? extends ConnectionHandler<T>> handlers;
    private final Set<HandledConnection<T>> connections = ConcurrentHashMap.newKeySet();
    private final AtomicLong refused = new AtomicLong();
    private volatile boolean over;

    NioServer(
            InetSocketAddress where,
            ListenOptions options,
            Codec<T> codec,
            Supplier<? extends ConnectionHandler<T>> handlers)
            throws IOException {
        this.listening = ServerSocketChannel.open();
        boolean bound = false;
        try {
            listening.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            if (options.socket().receiveBufferBytes() > 0) {
                listening.setOption(
                        StandardSocketOptions.SO_RCVBUF, options.socket().receiveBufferBytes());
            }
            listening.bind(where, options.backlog());
            localAddress = (InetSocketAddress) listening.getLocalAddress();
            Address name = SocketNames.address(Tcp.SCHEME, localAddress);
            address = SocketParameters.with(name, options.socket());
            record = PortRecord.make(name, options.backlog());
            bound = true;
        } catch (BindException e) {
            throw told(e, "bind", Errno.EADDRINUSE, where);
        } finally {
            if (!bound) {
                listening.close();
            }
        }
        this.options = options;
        this.codec = codec;
        this.handlers = handlers;
        acceptor = new Thread(this::accept, "ipc-accept " + address);
        acceptor.setDaemon(true);
        acceptor.start();
    }

    /** A connected channel. */
    static SocketChannel connect(InetSocketAddress address, SocketOptions options) throws IOException {
        SocketChannel socket = SocketChannel.open();
        boolean connected = false;
        try {
            socket.connect(address);
            settle(socket, options);
            connected = true;
            return socket;
        } catch (ConnectException e) {
            throw told(e, "connect", Errno.ECONNREFUSED, address);
        } finally {
            if (!connected) {
                socket.close();
            }
        }
    }

    /** The JDK tells the errno in words only. */
    private static IOException told(IOException failure, String call, int errno, InetSocketAddress address) {
        return String.valueOf(failure.getMessage()).contains(Errno.text(errno))
                ? new OsException(call, errno, "address=" + SocketCalls.text(address))
                : failure;
    }

    private static void settle(SocketChannel socket, SocketOptions options) throws IOException {
        socket.setOption(StandardSocketOptions.TCP_NODELAY, options.noDelay());
        socket.setOption(
                StandardSocketOptions.SO_KEEPALIVE, !options.keepAlive().isZero());
        if (options.sendBufferBytes() > 0) {
            socket.setOption(StandardSocketOptions.SO_SNDBUF, options.sendBufferBytes());
        }
        if (options.receiveBufferBytes() > 0) {
            socket.setOption(StandardSocketOptions.SO_RCVBUF, options.receiveBufferBytes());
        }
        socket.configureBlocking(false);
    }

    private void accept() {
        while (listening.isOpen()) {
            try {
                if (connections.size() >= options.maxConnections()) {
                    Thread.sleep(PAUSE_MILLIS);
                    continue;
                }
                serve(listening.accept());
            } catch (InterruptedException e) {
                return;
            } catch (IOException | RuntimeException | Error e) {
                pause(); // no descriptor, a caller who has left, a policy that failed: the next one is served
            }
        }
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void serve(SocketChannel socket) throws IOException {
        boolean taken = false;
        try {
            InetSocketAddress caller = (InetSocketAddress) socket.getRemoteAddress();
            if (!options.policy().accepts(new Caller(caller, null, connections.size()))) {
                refused.incrementAndGet();
                return;
            }
            settle(socket, options.socket());
            Party party = TcpConnection.party(
                    address, SocketNames.address(Tcp.SCHEME, caller), options.socket(), options.handshakeTimeout());
            ConnectionHandler<T> handler = handlers.get();
            taken = true;
            HandlerServer.Listed<T> listed = new HandlerServer.Listed<>(connections, () -> {}, () -> over);
            listed.add(LoopChannels.adopt(socket, party, codec, handler, listed));
        } finally {
            if (!taken) {
                socket.close();
            }
        }
    }

    @Override
    public Address address() {
        return address;
    }

    @Override
    public Set<Capability> capabilities() {
        return TcpConnection.CAPABILITIES;
    }

    @Override
    public InetSocketAddress localAddress() {
        return localAddress;
    }

    @Override
    public int connections() {
        return connections.size();
    }

    @Override
    public long refused() {
        return refused.get();
    }

    @Override
    public boolean isOpen() {
        return listening.isOpen();
    }

    @Override
    public void close() throws IOException {
        try {
            if (closed.compareAndSet(false, true)) {
                record.close();
            }
        } finally {
            listening.close();
        }
        if (!EventLoops.isLoopThread() && Thread.currentThread() != acceptor) {
            awaitAcceptor(); // the JDK keeps the port for as long as a thread is in accept
        }
    }

    private void awaitAcceptor() {
        try {
            acceptor.join(PATIENCE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
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

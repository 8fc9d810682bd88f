package org.jvmipc.sockets.internal.loop;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.util.Collection;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import org.jvmipc.Codec;
import org.jvmipc.IpcException;
import org.jvmipc.internal.posix.Fd;
import org.jvmipc.internal.posix.SocketCalls;
import org.jvmipc.sockets.ConnectionHandler;
import org.jvmipc.sockets.HandledConnection;
import org.jvmipc.sockets.internal.Party;

/** Puts connected sockets on event loops. */
public final class LoopChannels {
    private LoopChannels() {}

    /**
     * Puts a connected socket on an event loop of epoll; takes it over, and closes it if that fails.
     *
     * @param onClose called once when it is closed
     */
    public static <T> HandledConnection<T> adopt(
            Fd socket, Party party, Codec<T> codec, ConnectionHandler<T> handler, Consumer<Boolean> onClose)
            throws IOException {
        boolean unix = party.credentials() != null;
        IntFunction<Channel> kind = unix ? EpollDomainSocketChannel::new : EpollSocketChannel::new;
        boolean released = false;
        try {
            SocketCalls.makeNonBlocking(socket);
            Channel channel = kind.apply(socket.number());
            socket.release(); // closed by the channel
            released = true;
            return register(channel, party, codec, handler, onClose);
        } finally {
            if (!released) {
                socket.close();
            }
        }
    }

    /** The same of a channel of the JDK, by NIO. */
    public static <T> HandledConnection<T> adopt(
            SocketChannel socket, Party party, Codec<T> codec, ConnectionHandler<T> handler, Consumer<Boolean> onClose)
            throws IOException {
        return register(new NioSocketChannel(socket), party, codec, handler, onClose);
    }

    /** Closes many at once: each says goodbye behind what waits to go out, within the linger time. */
    public static void closeAll(Collection<? extends HandledConnection<?>> connections) throws IOException {
        IOException failure = null;
        for (HandledConnection<?> connection : connections) {
            try {
                ((HandledSocket<?>) connection).startClose();
            } catch (IOException e) {
                failure = e;
            }
        }
        for (HandledConnection<?> connection : connections) {
            connection.close();
        }
        if (failure != null) {
            throw failure;
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // looked at by its listener
    private static <T> HandledConnection<T> register(
            Channel channel, Party party, Codec<T> codec, ConnectionHandler<T> handler, Consumer<Boolean> onClose)
            throws IOException {
        channel.config()
                .setWriteBufferWaterMark(new WriteBufferWaterMark(ChannelPath.ROOM_BYTES, ChannelPath.FULL_BYTES));
        channel.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
        channel.config().setAutoClose(false); // a write that failed does not drop what has come
        LoopConnection<T> connection = new LoopConnection<>(channel, party, codec, handler, onClose);
        channel.pipeline().addLast(connection.inbound());
        EventLoop loop = EventLoops.acquire();
        ChannelFuture registered = loop.register(channel);
        if (EventLoops.isLoopThread()) {
            registered.addListener(done -> closeIfReset(channel, registered));
        } else {
            registered.awaitUninterruptibly();
            closeIfReset(channel, registered); // no listener: with the connection its event loop may be gone already
        }
        if (registered.isDone() && !registered.isSuccess()) {
            channel.unsafe().closeForcibly();
            EventLoops.release();
            throw new IpcException(party.address() + ": no event loop takes the connection", registered.cause());
        }
        return connection.face();
    }

    /** One that was reset before it came here never becomes active. */
    @SuppressWarnings("FutureReturnValueIgnored") // it is closed in any case
    private static void closeIfReset(Channel channel, ChannelFuture registered) {
        if (registered.isSuccess() && channel.isOpen() && !channel.isActive()) {
            channel.close();
        }
    }
}

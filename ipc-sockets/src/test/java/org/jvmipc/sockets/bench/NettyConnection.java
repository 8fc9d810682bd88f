package org.jvmipc.sockets.bench;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.jvmipc.Address;
import org.jvmipc.Batch;
import org.jvmipc.Capability;
import org.jvmipc.Connection;
import org.jvmipc.PeerGoneException;

/**
 * Bare Netty where a thread blocks for messages: what one writes without a toolkit. Messages have one size; the event loop
 * puts each into a bounded queue, and stops reading while that is full.
 */
final class NettyConnection extends ChannelInboundHandlerAdapter implements Connection<ByteBuffer> {
    private static final int QUEUED = 4096;
    private static final ByteBuf END = Unpooled.EMPTY_BUFFER;

    private final Address address;
    private final int size;
    private final MultiThreadIoEventLoopGroup loop;
    private final boolean ownsLoop;
    private final BlockingQueue<ByteBuf> queue = new ArrayBlockingQueue<>(2 * QUEUED);
    private final Object room = new Object();
    private @Nullable ByteBuf rest;
    private @Nullable ByteBuf last;
    private volatile Channel channel;

    private NettyConnection(Address address, int size, MultiThreadIoEventLoopGroup loop, boolean ownsLoop) {
        this.ownsLoop = ownsLoop;
        this.address = address;
        this.size = size;
        this.loop = loop;
    }

    /** The welcoming side. */
    record Server(
            Channel channel, Address address, BlockingQueue<NettyConnection> accepted, MultiThreadIoEventLoopGroup loop)
            implements AutoCloseable {
        NettyConnection accept() throws InterruptedException {
            return accepted.take();
        }

        @Override
        public void close() {
            channel.close().syncUninterruptibly();
            loop.shutdownGracefully(0, 0, TimeUnit.SECONDS).syncUninterruptibly();
        }
    }

    private static MultiThreadIoEventLoopGroup loop() {
        return new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    }

    private static SocketAddress socketAddress(Address address) {
        return address.isPath()
                ? new DomainSocketAddress(address.location())
                : new InetSocketAddress(address.host(), address.port());
    }

    static Server listen(Address address, int size) throws InterruptedException {
        MultiThreadIoEventLoopGroup loop = loop();
        BlockingQueue<NettyConnection> accepted = new LinkedBlockingQueue<>();
        Channel welcome = new ServerBootstrap()
                .group(loop)
                .channel(address.isPath() ? EpollServerDomainSocketChannel.class : EpollServerSocketChannel.class)
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel opened) {
                        NettyConnection connection = new NettyConnection(address, size, loop, false);
                        connection.settle(opened);
                        accepted.add(connection);
                    }
                })
                .bind(socketAddress(address))
                .sync()
                .channel();
        Address bound = welcome.localAddress() instanceof InetSocketAddress local
                ? Address.of("tcp", "//127.0.0.1:" + local.getPort())
                : address;
        return new Server(welcome, bound, accepted, loop);
    }

    static NettyConnection connect(Address address, int size) throws InterruptedException {
        MultiThreadIoEventLoopGroup loop = loop();
        NettyConnection connection = new NettyConnection(address, size, loop, true);
        new Bootstrap()
                .group(loop)
                .channel(address.isPath() ? EpollDomainSocketChannel.class : EpollSocketChannel.class)
                .handler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel opened) {
                        connection.settle(opened);
                    }
                })
                .connect(socketAddress(address))
                .sync();
        return connection;
    }

    private void settle(Channel opened) {
        channel = opened;
        opened.config().setRecvByteBufAllocator(new FixedRecvByteBufAllocator(64 * 1024));
        opened.config().setWriteBufferWaterMark(new WriteBufferWaterMark(256 << 10, 1 << 20));
        if (!address.isPath()) {
            opened.config().setOption(ChannelOption.TCP_NODELAY, true);
        }
        opened.pipeline().addLast(this);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        ByteBuf before = rest;
        if (before != null) {
            bytes = Unpooled.wrappedBuffer(before, bytes);
            rest = null;
        }
        while (bytes.readableBytes() >= size) {
            if (!queue.offer(bytes.readRetainedSlice(size))) {
                throw new IllegalStateException("the queue is full");
            }
        }
        if (bytes.isReadable()) {
            rest = bytes;
        } else {
            bytes.release();
        }
        if (queue.size() > QUEUED) {
            context.channel().config().setAutoRead(false);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        queue.offer(END);
        signal();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        signal();
    }

    private void signal() {
        synchronized (room) {
            room.notifyAll();
        }
    }

    @Override
    public void send(ByteBuffer message) throws InterruptedException {
        awaitRoom();
        channel.writeAndFlush(
                channel.alloc().directBuffer(size).writeBytes(message.duplicate()), channel.voidPromise());
    }

    private void awaitRoom() throws InterruptedException {
        if (!channel.isWritable()) {
            synchronized (room) {
                while (!channel.isWritable() && channel.isActive()) {
                    room.wait(100);
                }
            }
        }
    }

    @Override
    public boolean trySend(ByteBuffer message) {
        throw new UnsupportedOperationException("not measured");
    }

    @Override
    public boolean trySend(ByteBuffer message, Duration timeout) {
        throw new UnsupportedOperationException("not measured");
    }

    @Override
    public Batch<ByteBuffer> batch() {
        return new Batch<>() {
            private int unflushed;

            @Override
            public void add(ByteBuffer message) throws InterruptedException {
                awaitRoom();
                channel.write(
                        channel.alloc().directBuffer(size).writeBytes(message.duplicate()), channel.voidPromise());
                if (++unflushed == 1024) {
                    flush();
                }
            }

            @Override
            public void flush() {
                channel.flush();
                unflushed = 0;
            }

            @Override
            public void close() {
                flush();
            }
        };
    }

    @Override
    public ByteBuffer receive() throws PeerGoneException, InterruptedException {
        ByteBuf taken = queue.take();
        return present(taken);
    }

    private ByteBuffer present(ByteBuf taken) throws PeerGoneException {
        if (taken == END) {
            queue.offer(END);
            throw new PeerGoneException(PeerGoneException.Reason.CLOSED, address, "closed");
        }
        if (last != null) {
            last.release();
        }
        last = taken;
        if (!channel.config().isAutoRead() && queue.size() < QUEUED / 2) {
            channel.config().setAutoRead(true);
        }
        return taken.nioBuffer();
    }

    @Override
    public @Nullable ByteBuffer tryReceive() throws PeerGoneException {
        ByteBuf taken = queue.poll();
        return taken == null ? null : present(taken);
    }

    @Override
    public @Nullable ByteBuffer tryReceive(Duration timeout) {
        throw new UnsupportedOperationException("not measured");
    }

    @Override
    public void endSending() {
        throw new UnsupportedOperationException("not measured");
    }

    @Override
    public Address address() {
        return address;
    }

    @Override
    public Set<Capability> capabilities() {
        return Set.of();
    }

    @Override
    public boolean isOpen() {
        return channel.isOpen();
    }

    @Override
    public void close() {
        channel.close().syncUninterruptibly();
        if (ownsLoop) {
            loop.shutdownGracefully(0, 0, TimeUnit.SECONDS);
        }
    }
}

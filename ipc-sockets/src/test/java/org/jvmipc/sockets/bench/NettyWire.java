package org.jvmipc.sockets.bench;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.socket.DatagramPacket;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Bare Netty with epoll: a handler that puts what comes into a queue, from which is taken. */
final class NettyWire implements DatagramBench.DatagramWire {
    private static final int LARGEST = 65_536;

    private final EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    private final LinkedBlockingQueue<DatagramPacket> queue = new LinkedBlockingQueue<>();
    private final Channel channel;
    private @Nullable InetSocketAddress peer;
    private @Nullable DatagramPacket last;

    private NettyWire(InetSocketAddress local, @Nullable InetSocketAddress peer) throws InterruptedException {
        this.peer = peer;
        this.channel = new Bootstrap()
                .group(group)
                .channel(EpollDatagramChannel.class)
                .option(ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(LARGEST))
                .handler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel made) {
                        made.pipeline().addLast(new Queueing());
                    }
                })
                .bind(local)
                .sync()
                .channel();
    }

    private final class Queueing extends SimpleChannelInboundHandler<DatagramPacket> {
        Queueing() {
            super(false);
        }

        @Override
        protected void channelRead0(ChannelHandlerContext context, DatagramPacket packet) {
            queue.add(packet);
        }
    }

    static NettyWire bound() throws InterruptedException {
        return new NettyWire(new InetSocketAddress("127.0.0.1", 0), null);
    }

    static NettyWire connected(InetSocketAddress peer) throws InterruptedException {
        return new NettyWire(new InetSocketAddress("127.0.0.1", 0), peer);
    }

    @Override
    public int port() {
        return ((InetSocketAddress) channel.localAddress()).getPort();
    }

    @Override
    public void send(ByteBuffer message) throws InterruptedException {
        ByteBuf buffer = channel.alloc().directBuffer(message.remaining());
        buffer.writeBytes(message.duplicate());
        ChannelFuture sent = channel.writeAndFlush(new DatagramPacket(buffer, peer));
        if (!channel.isWritable()) {
            sent.await();
        }
    }

    @Override
    public ByteBuffer receive() throws InterruptedException {
        return taken(queue.take());
    }

    @Override
    public @Nullable ByteBuffer tryReceive(Duration timeout) throws InterruptedException {
        DatagramPacket packet = queue.poll(timeout.toNanos(), TimeUnit.NANOSECONDS);
        return packet == null ? null : taken(packet);
    }

    private ByteBuffer taken(DatagramPacket packet) {
        if (last != null) {
            last.release();
        }
        last = packet;
        peer = peer == null ? packet.sender() : peer;
        return packet.content().nioBuffer();
    }

    @Override
    public void close() {
        channel.close();
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }
}

package org.jvmipc.sockets.internal.loop;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.jvmipc.Codec;
import org.jvmipc.Framing;
import org.jvmipc.IpcException;
import org.jvmipc.PeerGoneException;
import org.jvmipc.internal.posix.Fd;
import org.jvmipc.internal.posix.PolledFd;
import org.jvmipc.internal.stream.FramedReceiver;
import org.jvmipc.internal.stream.FramedSender;
import org.jvmipc.internal.stream.PlainReceiver;
import org.jvmipc.internal.stream.PlainSender;
import org.jvmipc.internal.stream.StreamReceiver;
import org.jvmipc.internal.stream.StreamSender;
import org.jvmipc.sockets.ConnectionHandler;
import org.jvmipc.sockets.HandledConnection;
import org.jvmipc.sockets.internal.Party;
import org.jvmipc.sockets.internal.Silence;

/**
 * A connection on an event loop. Its messages are marked off by the same senders and receivers as those of threads that block, over a
 * {@link ChannelPath}: so both forms speak the same frames, and are as hard on hostile bytes.
 */
@SuppressWarnings("FutureReturnValueIgnored") // what fails is told by exceptionCaught
final class LoopConnection<T> {
    private final Channel channel;
    private final ChannelPath path;
    private final StreamSender<T> out;
    private final StreamReceiver<T> in;
    private final ConnectionHandler<T> handler;
    private final Silence silence;
    private final Duration linger;
    private final Consumer<Boolean> onClose;
    private final Room room = new Room();
    private final AtomicBoolean closing = new AtomicBoolean();
    private final AtomicReference<@Nullable IOException> cause = new AtomicReference<>();
    private final HandledConnection<T> face;

    /** Whether the handler is called now; of the event loop, as all these. */
    private boolean handing;

    private boolean paused;
    private boolean isLost;
    private boolean isEnded;
    private boolean endTold;
    private boolean opened;

    LoopConnection(
            Channel channel, Party party, Codec<T> codec, ConnectionHandler<T> handler, Consumer<Boolean> onClose) {
        this.channel = channel;
        this.path = new ChannelPath(channel);
        // The number is never used: all goes by the path.
        this.out = sender(new PolledFd(Fd.borrowed(0), path, false), party, codec);
        this.in = receiver(new PolledFd(Fd.borrowed(0), path, false), party, codec);
        this.handler = handler;
        this.silence = new Silence(party.handshake(), party.options().idleTimeout());
        this.linger = party.options().linger();
        this.onClose = onClose;
        this.face = new HandledSocket<>(this, party);
    }

    private static <T> StreamSender<T> sender(PolledFd fd, Party party, Codec<T> codec) {
        Framing framing = party.options().framing();
        int max = party.options().maxMessageBytes();
        return framing == Framing.FRAMED
                ? new FramedSender<>(fd, party.address(), party.capabilities(), codec, max)
                : new PlainSender<>(fd, party.address(), party.capabilities(), codec, framing, max);
    }

    private static <T> StreamReceiver<T> receiver(PolledFd fd, Party party, Codec<T> codec) {
        Framing framing = party.options().framing();
        int max = party.options().maxMessageBytes();
        return framing == Framing.FRAMED
                ? new FramedReceiver<>(fd, party.address(), party.capabilities(), codec, max)
                : new PlainReceiver<>(fd, party.address(), party.capabilities(), codec, framing, max, false);
    }

    /** What users see of it. */
    HandledConnection<T> face() {
        return face;
    }

    // ---- sending, by any thread

    /** The sender that writes to the path; what it has taken goes out by {@link #flush()}. */
    StreamSender<T> out() {
        return out;
    }

    /** Whether what is forced would be taken. */
    boolean takesMore() {
        return path.takesMore();
    }

    void flush() {
        path.flush();
        silence.spoke();
    }

    /** Waits until there is room, or may be; false after so many nanoseconds. */
    boolean awaitRoom(long nanos) throws InterruptedException {
        return room.await(channel, this::isOpen, nanos);
    }

    // ---- receiving, by the event loop

    /** What Netty calls. */
    ChannelInboundHandlerAdapter inbound() {
        return new Inbound();
    }

    private final class Inbound extends ChannelInboundHandlerAdapter {
        @Override
        public void channelActive(ChannelHandlerContext context) {
            begin();
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object bytes) {
            if (closing.get()) {
                ((ByteBuf) bytes).release();
                return;
            }
            path.arrived((ByteBuf) bytes);
            handOver();
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object event) {
            if (event instanceof ChannelInputShutdownEvent) {
                if (closing.get()) {
                    channel.close();
                    return;
                }
                path.ended();
                handOver();
            }
        }

        @Override
        public void channelWritabilityChanged(ChannelHandlerContext context) {
            room.changed();
            if (channel.isWritable() && paused) {
                paused = false;
                channel.config().setAutoRead(true);
                handOver();
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            path.ended();
            handOver();
            end();
        }

        /** Of one that was reset before it came here, which never was active. */
        @Override
        public void channelUnregistered(ChannelHandlerContext context) {
            end();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable failure) {
            if (closing.get()) {
                return; // of what waited to go out when it was closed
            }
            if (failure instanceof IOException) {
                lost();
            } else {
                fail(failure);
            }
        }
    }

    /**
     * A read or a write has failed: the connection is no more. What the other side had sent before is read and handed over all
     * the same; it ends with the reason.
     */
    private void lost() {
        if (isLost) {
            return;
        }
        isLost = true;
        paused = false;
        if (channel.isActive()) {
            channel.config().setAutoRead(true);
            channel.eventLoop().schedule(this::loseAll, linger.toNanos(), TimeUnit.NANOSECONDS);
        } else {
            loseAll();
        }
        handOver();
    }

    private void loseAll() {
        path.lost();
        handOver();
    }

    private void begin() {
        try {
            opened = true;
            handler.opened(face);
        } catch (Exception e) {
            fail(e);
        }
        watchSilence();
    }

    private void watchSilence() {
        if (silence.isBounded() && channel.isOpen()) {
            long nanos = silence.left().toNanos();
            if (nanos <= 0) {
                fail(silence.over(face.address()));
            } else {
                channel.eventLoop().schedule(this::watchSilence, nanos, TimeUnit.NANOSECONDS);
            }
        }
    }

    /** Hands over all messages that are here, unless too much waits to go out. */
    private void handOver() {
        if (handing) {
            return; // a handler's own write has failed, and it is inside: the loop that called it looks again
        }
        handing = true;
        try {
            while (goesOn()) {
                if (in.drain(this::received, Integer.MAX_VALUE, this::goesOn) > 0) {
                    silence.heard();
                } else if (path.isEmpty()) {
                    return;
                }
            }
        } catch (HandlerFailure e) {
            if (!closing.get()) { // else the handler has closed it, and met that
                fail(e.failure);
            }
        } catch (PeerGoneException e) {
            gone(e);
        } catch (ClosedChannelException e) {
            // It was closed by the handler.
        } catch (Exception e) {
            fail(e);
        } finally {
            handing = false;
        }
    }

    private boolean goesOn() {
        return !closing.get() && !isFull();
    }

    private void received(T message) {
        try {
            handler.received(face, message);
        } catch (Exception e) {
            throw new HandlerFailure(e);
        }
    }

    /** A checked exception of the handler, on its way out of the receiver. */
    private static final class HandlerFailure extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final transient Exception failure;

        HandlerFailure(Exception failure) {
            super(null, failure, false, false);
            this.failure = failure;
        }
    }

    /** While so much waits that nothing may be added nothing is read: the socket tells when it has taken some. */
    private boolean isFull() {
        if (channel.isWritable() || !channel.isActive() || isLost) {
            return false;
        }
        if (!paused) {
            paused = true;
            channel.config().setAutoRead(false);
        }
        return true;
    }

    private void gone(PeerGoneException e) {
        if (e.reason() != PeerGoneException.Reason.CLOSED) {
            fail(e);
        } else if (!endTold) {
            endTold = true;
            try {
                handler.ended(face);
            } catch (Exception failure) {
                fail(failure);
            }
        }
    }

    /** Ends the connection, and tells why. */
    private void fail(Throwable failure) {
        IOException why = failure instanceof IOException e
                ? e
                : new IpcException(face.address() + ": the handler failed: " + failure, failure);
        if (!closing.get()) {
            cause.compareAndSet(null, why);
        }
        abort();
    }

    // ---- the end

    boolean isOpen() {
        return !closing.get();
    }

    void ensureOpen() throws ClosedChannelException {
        if (closing.get()) {
            throw new ClosedChannelException();
        }
    }

    /** Ends the sending direction behind what waits. */
    void endSending() throws IOException {
        ensureOpen();
        sayGoodbye();
        channel.writeAndFlush(channel.alloc().buffer(0, 0))
                .addListener(written -> ((DuplexChannel) channel).shutdownOutput());
    }

    private void sayGoodbye() throws IOException {
        path.sayingGoodbye();
        out.close();
        path.flush();
    }

    /** Says goodbye behind what waits, and closes; a thread of one's own waits until it is closed. */
    void close() throws IOException {
        startClose();
        awaitClosed();
    }

    /** The same without the wait. */
    void startClose() throws IOException {
        if (closing.compareAndSet(false, true)) {
            room.changed();
            if (channel.isActive()) {
                sayGoodbye();
                Farewell.after(channel, linger);
            } else {
                channel.close();
            }
        }
    }

    /** Closes without goodbye. */
    void abort() {
        if (closing.compareAndSet(false, true)) {
            room.changed();
        }
        path.close();
        if (channel.isOpen()) {
            resetOnClose();
            channel.close();
        }
        awaitClosed();
    }

    private void resetOnClose() {
        try {
            channel.config().setOption(ChannelOption.SO_LINGER, 0);
        } catch (ChannelException e) {
            // It was closed in the meantime.
        }
    }

    void awaitClosed() {
        if (!EventLoops.isLoopThread()) {
            channel.closeFuture().awaitUninterruptibly();
        }
    }

    /** The channel is closed; once, by the event loop. */
    private void end() {
        if (isEnded) {
            return;
        }
        isEnded = true;
        closing.set(true);
        path.close();
        path.dropArrived();
        room.changed();
        try {
            out.abandon();
            in.close();
        } catch (IOException e) {
            // There is no descriptor whose closing could fail.
        }
        try {
            if (opened) {
                handler.closed(face, cause.get());
            }
        } finally {
            onClose.accept(opened);
            EventLoops.release();
        }
    }
}

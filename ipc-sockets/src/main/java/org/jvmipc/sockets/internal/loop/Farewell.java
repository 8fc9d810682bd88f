package org.jvmipc.sockets.internal.loop;

import io.netty.channel.Channel;
import io.netty.channel.socket.DuplexChannel;
import io.netty.channel.unix.UnixChannel;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jvmipc.internal.posix.SocketCalls;

/**
 * The last moments of a connection on an event loop: what waits goes out, the sending direction is ended, and the channel is closed when the
 * other side's kernel has taken all, or the time is over. Until then what comes in is read and dropped: TCP would throw away what was
 * sent if something came that nobody reads.
 */
@SuppressWarnings("FutureReturnValueIgnored") // it is closed in any case
final class Farewell {
    private static final long LOOK_NANOS = 2_000_000;

    private Farewell() {}

    /** Closes the channel behind what waits to go out; at the latest after the time. */
    static void after(Channel channel, Duration linger) {
        long until = System.nanoTime() + linger.toNanos();
        try {
            channel.eventLoop().schedule(() -> channel.close(), linger.toNanos(), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            return; // it is closed already, and was the last one of its event loop
        }
        channel.writeAndFlush(channel.alloc().buffer(0, 0)).addListener(written -> {
            if (!written.isSuccess()) {
                channel.close();
                return;
            }
            channel.config().setAutoRead(true);
            ((DuplexChannel) channel).shutdownOutput();
            look(channel, until);
        });
    }

    private static void look(Channel channel, long until) {
        if (!channel.isOpen()) {
            return;
        }
        if (isTaken(channel) || System.nanoTime() - until >= 0) {
            channel.close();
        } else {
            channel.eventLoop().schedule(() -> look(channel, until), LOOK_NANOS, TimeUnit.NANOSECONDS);
        }
    }

    /** Over a Unix domain socket it is in the other side's hands at once; of a channel of the JDK nobody can tell, and the end of the stream closes it. */
    private static boolean isTaken(Channel channel) {
        if (!(channel instanceof io.netty.channel.socket.SocketChannel)) {
            return true;
        }
        if (!(channel instanceof UnixChannel unix)) {
            return false;
        }
        try {
            return SocketCalls.bytesUnacknowledged(unix.fd().intValue()) <= 0;
        } catch (IOException e) {
            return true;
        }
    }
}

package org.jvmipc.sockets.internal.loop;

import io.netty.channel.EventLoop;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The event loops that all connections with handlers of this JVM share: made for the first, ended with the last. They are daemons:
 * they do not keep the JVM from ending.
 *
 * <p>epoll where Netty has it for this machine, NIO otherwise, or if {@code -Dorg.jvmipc.sockets.epoll=false} says so.
 */
public final class EventLoops {
    private static final int MOST_THREADS = 4;
    private static final Object LOCK = new Object();

    private static @Nullable MultiThreadIoEventLoopGroup group;
    private static int users;

    private EventLoops() {}

    /** Loaded when the first connection needs to know. */
    private static final class Way {
        private static final boolean EPOLL =
                !"false".equals(System.getProperty("org.jvmipc.sockets.epoll")) && Epoll.isAvailable();
    }

    /** Whether they are epoll's. */
    public static boolean isEpoll() {
        return Way.EPOLL;
    }

    /** One of them, for one connection, which gives it back by {@link #release}. */
    static EventLoop acquire() {
        synchronized (LOCK) {
            MultiThreadIoEventLoopGroup present = group;
            if (present == null) {
                present = make();
                group = present;
            }
            users++;
            return present.next();
        }
    }

    private static MultiThreadIoEventLoopGroup make() {
        int threads = Math.min(MOST_THREADS, Runtime.getRuntime().availableProcessors());
        IoHandlerFactory factory = isEpoll() ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
        return new MultiThreadIoEventLoopGroup(threads, new DefaultThreadFactory("ipc-sockets", true), factory);
    }

    /** Gives one back; with the last one they end, a moment later. */
    @SuppressWarnings("FutureReturnValueIgnored") // nobody has to wait for it
    static void release() {
        synchronized (LOCK) {
            users--;
            if (users == 0 && group != null) {
                group.shutdownGracefully(0, 0, TimeUnit.SECONDS);
                group = null;
            }
        }
    }

    /** Whether the current thread is an event loop of ours, which must not wait. */
    public static boolean isLoopThread() {
        return Thread.currentThread() instanceof io.netty.util.concurrent.FastThreadLocalThread thread
                && thread.getName().startsWith("ipc-sockets");
    }
}

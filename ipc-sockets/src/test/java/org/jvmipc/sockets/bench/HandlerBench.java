package org.jvmipc.sockets.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import org.jvmipc.Batch;
import org.jvmipc.Codecs;
import org.jvmipc.process.ChildJvm;
import org.jvmipc.process.JvmLauncher;
import org.jvmipc.process.ParentJvm;
import org.jvmipc.sockets.ConnectionHandler;
import org.jvmipc.sockets.HandledConnection;
import org.jvmipc.sockets.ListenOptions;
import org.jvmipc.sockets.SocketOptions;
import org.jvmipc.sockets.SocketServer;
import org.jvmipc.sockets.Tcp;
import org.jvmipc.sockets.UnixSockets;
import org.jvmipc.testkit.bench.Cpus;

/**
 * How fast framed messages pass between handlers of two JVMs, to be compared with {@code run-peer netty-...}, which does so without
 * frames. The parent prints one line of JSON: {@code p50_ns}, {@code p99_ns}, or {@code rate}, the receiver's over all.
 *
 * <pre>PIN=same|cross|none CPUS=0,1 config/bench org.jvmipc.sockets.bench.HandlerBench rtt|tput SIZE N tcp|uds</pre>
 */
public final class HandlerBench {
    private static final int WARM_UP = 100_000;

    private HandlerBench() {}

    /** Runs one measurement. */
    public static void main(String[] words) throws Exception {
        if (words.length < 4) {
            System.err.println("usage: HandlerBench rtt|tput SIZE N tcp|uds");
            System.exit(2);
        }
        boolean tcp = words[3].equals("tcp");
        if (ParentJvm.isPresent()) {
            child(words, tcp);
            return;
        }
        Path directory = Files.createTempDirectory("handler-bench");
        Echo echo = new Echo(words[0].equals("rtt"), Integer.parseInt(words[2]));
        try (SocketServer server = tcp
                ? Tcp.serve(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                        Codecs.buffers(),
                        ListenOptions.defaults(),
                        () -> echo)
                : UnixSockets.serve(directory.resolve("s"), Codecs.buffers(), ListenOptions.defaults(), () -> echo)) {
            String where = tcp
                    ? Integer.toString(server.localAddress().getPort())
                    : server.address().location();
            JvmLauncher launcher = JvmLauncher.of(HandlerBench.class)
                    .jvmArguments("-XX:+UseSerialGC", "-Xms256m", "-Xmx256m")
                    .arguments(words)
                    .arguments(where);
            try (ChildJvm child = launcher.start()) {
                Cpus.pin(child.pid(), 1);
                Cpus.pin(ProcessHandle.current().pid(), 0);
                child.awaitReady();
                child.awaitExit();
                System.out.print(Files.readString(Path.of(result(child.pid()))));
                Files.delete(Path.of(result(child.pid())));
            }
            server.closeAll();
        } finally {
            Files.deleteIfExists(directory.resolve("s"));
            Files.delete(directory);
        }
    }

    private static String result(long pid) {
        return System.getProperty("java.io.tmpdir") + "/handler-bench." + pid;
    }

    /** Sends each message back; or counts, and says when all have come. */
    private static final class Echo implements ConnectionHandler<ByteBuffer> {
        private final boolean roundTrips;
        private final int count;
        private int received;

        private Echo(boolean roundTrips, int count) {
            this.roundTrips = roundTrips;
            this.count = count;
        }

        @Override
        public void received(HandledConnection<ByteBuffer> connection, ByteBuffer message) throws Exception {
            if (roundTrips) {
                connection.send(message);
            } else if (++received == WARM_UP || received == WARM_UP + count) {
                connection.send(message);
            }
        }
    }

    private static void child(String[] words, boolean tcp) throws Exception {
        int size = Integer.parseInt(words[1]);
        int count = Integer.parseInt(words[2]);
        Pinger pinger = new Pinger(size, count);
        HandledConnection<ByteBuffer> connection = tcp
                ? Tcp.connect(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(words[4])),
                        Codecs.buffers(),
                        SocketOptions.defaults(),
                        pinger)
                : UnixSockets.connect(Path.of(words[4]), Codecs.buffers(), SocketOptions.defaults(), pinger);
        ParentJvm.get().ready();
        String figures =
                words[0].equals("rtt") ? roundTrips(connection, pinger, count) : rate(connection, pinger, count);
        connection.close();
        Files.writeString(
                Path.of(result(ProcessHandle.current().pid())),
                "{\"name\":\"ours.handler." + words[3] + "\",\"mode\":\"" + words[0] + "\",\"size\":" + size + ",\"n\":"
                        + count + "," + figures + "}\n");
    }

    private static String roundTrips(HandledConnection<ByteBuffer> connection, Pinger pinger, int count)
            throws Exception {
        pinger.start(connection);
        pinger.done.await();
        long[] nanos = Arrays.copyOf(pinger.nanos, count);
        Arrays.sort(nanos);
        return "\"p50_ns\":" + nanos[count / 2] + ",\"p99_ns\":" + nanos[(int) (count * 0.99)];
    }

    private static String rate(HandledConnection<ByteBuffer> connection, Pinger pinger, int count) throws Exception {
        pinger.counting = true;
        pump(connection, pinger.message, WARM_UP);
        pinger.warm.await();
        long start = System.nanoTime();
        pump(connection, pinger.message, count);
        pinger.done.await();
        double rate = count * 1e9 / (System.nanoTime() - start);
        return String.format(Locale.ROOT, "\"rate\":%.0f,\"rate_overall\":%.0f", rate, rate);
    }

    private static void pump(HandledConnection<ByteBuffer> connection, ByteBuffer message, int count)
            throws IOException, InterruptedException {
        try (Batch<ByteBuffer> batch = connection.batch()) {
            for (int i = 0; i < count; i++) {
                batch.add(message);
            }
        }
    }

    /** Sends the next when the last has come back. */
    private static final class Pinger implements ConnectionHandler<ByteBuffer> {
        private final ByteBuffer message;
        private final int count;
        private final long[] nanos;
        private final CountDownLatch warm = new CountDownLatch(1);
        private final CountDownLatch done = new CountDownLatch(1);
        private volatile boolean counting;
        private int received = -WARM_UP;
        private long last;

        private Pinger(int size, int count) {
            this.message = ByteBuffer.allocateDirect(size);
            this.count = count;
            this.nanos = new long[count];
        }

        private void start(HandledConnection<ByteBuffer> connection) throws Exception {
            last = System.nanoTime();
            connection.send(message);
        }

        @Override
        public void received(HandledConnection<ByteBuffer> connection, ByteBuffer answer) throws Exception {
            if (counting) {
                (warm.getCount() > 0 ? warm : done).countDown();
                return;
            }
            long now = System.nanoTime();
            if (received >= 0) {
                nanos[received] = now - last;
            }
            last = now;
            if (++received == count) {
                done.countDown();
            } else {
                connection.send(message);
            }
        }
    }
}

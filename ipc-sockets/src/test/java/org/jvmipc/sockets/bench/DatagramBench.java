package org.jvmipc.sockets.bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.jvmipc.process.ChildJvm;
import org.jvmipc.process.JvmLauncher;
import org.jvmipc.process.ParentJvm;
import org.jvmipc.testkit.bench.Cpus;

/**
 * How fast datagrams pass between two JVMs: with our blocking receive, or with bare Netty and a blocking queue.
 *
 * <pre>PIN=same|cross|none CPUS=0,1 config/bench org.jvmipc.sockets.bench.DatagramBench rtt|tput ours|netty SIZE N</pre>
 *
 * <p>{@code rtt} is a ping-pong: {@code p50_ns}, {@code p99_ns}. {@code tput} is one way, as fast as it goes: {@code rate} is what
 * the receiver got in a second, and {@code lost} what it did not. SIZE is at least 2.
 */
public final class DatagramBench {
    private static final int WARM_UP = 100_000;
    private static final Duration AGAIN = Duration.ofMillis(200);
    /** What asks for the result; messages are larger. An empty one would not do: Netty sends none. */
    private static final int MARK_BYTES = 1;

    private static final int RESULT_BYTES = 2 * Long.BYTES;

    private DatagramBench() {}

    /** Runs one measurement. */
    public static void main(String[] words) throws Exception {
        boolean child = ParentJvm.isPresent();
        if (words.length != (child ? 5 : 4)) {
            System.err.println("usage: DatagramBench rtt|tput ours|netty SIZE N");
            System.exit(2);
        }
        boolean netty = words[1].equals("netty");
        if (child) {
            InetSocketAddress peer = new InetSocketAddress("127.0.0.1", Integer.parseInt(words[4]));
            try (DatagramWire wire = netty ? NettyWire.connected(peer) : OurWire.connected(peer)) {
                child(words[0], wire);
            }
            return;
        }
        try (DatagramWire wire = netty ? NettyWire.bound() : OurWire.bound()) {
            parent(words, wire);
        }
    }

    private static void parent(String[] words, DatagramWire wire) throws Exception {
        String[] all = Arrays.copyOf(words, 5);
        all[4] = Integer.toString(wire.port());
        JvmLauncher launcher = JvmLauncher.of(DatagramBench.class)
                .jvmArguments("-XX:+UseSerialGC", "-Xms256m", "-Xmx256m")
                .arguments(all);
        try (ChildJvm child = launcher.start()) {
            child.awaitReady();
            wire.receive(); // its first datagram, which tells its address
            Cpus.pin(child.pid(), 1);
            Cpus.pin(ProcessHandle.current().pid(), 0);
            int size = Integer.parseInt(words[2]);
            int count = Integer.parseInt(words[3]);
            String figures = words[0].equals("rtt") ? roundTrips(wire, size, count) : throughput(wire, size, count);
            System.out.println("{\"name\":\"" + words[1] + ".udp\",\"mode\":\"" + words[0] + "\",\"size\":" + size
                    + ",\"n\":" + count + "," + figures + "}");
            child.kill();
        }
    }

    private static String roundTrips(DatagramWire wire, int size, int count) throws IOException, InterruptedException {
        ByteBuffer message = ByteBuffer.allocateDirect(size);
        for (int i = 0; i < WARM_UP; i++) {
            roundTrip(wire, message);
        }
        long[] nanos = new long[count];
        for (int i = 0; i < count; i++) {
            long start = System.nanoTime();
            roundTrip(wire, message);
            nanos[i] = System.nanoTime() - start;
        }
        Arrays.sort(nanos);
        return "\"p50_ns\":" + nanos[count / 2] + ",\"p99_ns\":" + nanos[(int) (count * 0.99)];
    }

    private static void roundTrip(DatagramWire wire, ByteBuffer message) throws IOException, InterruptedException {
        wire.send(message);
        wire.receive();
    }

    private static String throughput(DatagramWire wire, int size, int count) throws IOException, InterruptedException {
        oneWay(wire, size, WARM_UP);
        ByteBuffer result = oneWay(wire, size, count);
        double rate = result.getDouble(0);
        return String.format(Locale.ROOT, "\"rate\":%.0f,\"lost\":%d", rate, count - result.getLong(Double.BYTES));
    }

    /** Sends so many, and asks for the result until it comes. */
    private static ByteBuffer oneWay(DatagramWire wire, int size, int count) throws IOException, InterruptedException {
        ByteBuffer message = ByteBuffer.allocateDirect(size);
        for (int i = 0; i < count; i++) {
            wire.send(message);
        }
        while (true) {
            wire.send(ByteBuffer.allocateDirect(MARK_BYTES));
            ByteBuffer result = wire.tryReceive(AGAIN);
            if (result != null) {
                return copy(result);
            }
        }
    }

    private static ByteBuffer copy(ByteBuffer source) {
        return ByteBuffer.allocate(RESULT_BYTES)
                .put(source.duplicate())
                .order(ByteOrder.LITTLE_ENDIAN)
                .flip();
    }

    private static void child(String mode, DatagramWire wire) throws Exception {
        wire.send(ByteBuffer.allocateDirect(1));
        ParentJvm.get().ready();
        if (mode.equals("rtt")) {
            while (true) {
                ByteBuffer message = wire.receive();
                ByteBuffer answer = ByteBuffer.allocate(message.remaining());
                answer.put(message.duplicate()).flip();
                wire.send(answer);
            }
        }
        while (true) {
            count(wire);
        }
    }

    /** Counts until asked for the result. */
    private static void count(DatagramWire wire) throws IOException, InterruptedException {
        long got = 0;
        long start = 0;
        long last = 0;
        while (true) {
            ByteBuffer message = wire.receive();
            if (message.remaining() == MARK_BYTES) {
                break;
            }
            last = System.nanoTime();
            start = got == 0 ? last : start;
            got++;
        }
        ByteBuffer result = ByteBuffer.allocateDirect(RESULT_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        result.putDouble(0, got < 2 ? 0 : (got - 1) * 1e9 / (last - start));
        result.putLong(Double.BYTES, got);
        wire.send(result);
    }

    /** What carries the datagrams. */
    interface DatagramWire extends AutoCloseable {
        int port();

        void send(ByteBuffer message) throws IOException, InterruptedException;

        /** Valid until the next one. */
        ByteBuffer receive() throws IOException, InterruptedException;

        @Nullable
        ByteBuffer tryReceive(Duration timeout) throws IOException, InterruptedException;

        @Override
        void close() throws IOException;
    }
}

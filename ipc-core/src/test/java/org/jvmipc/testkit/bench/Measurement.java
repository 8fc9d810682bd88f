package org.jvmipc.testkit.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Locale;
import org.jvmipc.Batch;
import org.jvmipc.Receiver;
import org.jvmipc.Sender;
import org.jvmipc.process.ChildJvm;

/**
 * One measurement between two JVMs, whatever carries the messages: {@code rtt} is a ping-pong, {@code tput} one call a
 * message, {@code batch} a {@link Batch} against {@link Receiver#drain}. The parent prints one line of JSON: {@code p50_ns},
 * {@code p99_ns} of round trips, or {@code rate}, the receiver's median over short windows; and {@code allocated}, bytes a
 * message that the measuring thread allocated.
 */
public final class Measurement {
    private static final int WARM_UP = 100_000;
    private static final int ROUND = 5_000;

    private final String name;
    private final String mode;
    private final int size;
    private final int count;

    /** Of the words {@code rtt|tput|batch SIZE N}; the name is printed. */
    public Measurement(String name, String mode, String size, String count) {
        this.name = name;
        this.mode = mode;
        this.size = Integer.parseInt(size);
        this.count = Integer.parseInt(count);
    }

    /** The parent's part, once the child is ready. */
    public void parent(Sender<ByteBuffer> out, Receiver<ByteBuffer> in, ChildJvm child)
            throws IOException, InterruptedException {
        Cpus.pin(child.pid(), 1);
        Cpus.pin(ProcessHandle.current().pid(), 0);
        ByteBuffer message = ByteBuffer.allocateDirect(size);
        if (mode.equals("rtt")) {
            roundTrips(out, in, message);
            return;
        }
        send(out, message, WARM_UP);
        in.receive();
        send(out, message, count);
        ByteBuffer result = in.receive();
        print(String.format(
                Locale.ROOT,
                "\"rate\":%.0f,\"rate_overall\":%.0f,\"allocated\":%d",
                result.getDouble(),
                result.getDouble(),
                result.getLong()));
    }

    /** The child's part. */
    public void child(Receiver<ByteBuffer> in, Sender<ByteBuffer> out) throws IOException, InterruptedException {
        if (mode.equals("rtt")) {
            ByteBuffer answer = ByteBuffer.allocateDirect(size);
            in.forEach(message -> echo(out, answer));
        } else {
            new Counter(in, WARM_UP, size).run(out);
            new Counter(in, count, size).run(out);
        }
    }

    private static void echo(Sender<ByteBuffer> out, ByteBuffer answer) {
        try {
            out.send(answer);
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private void roundTrips(Sender<ByteBuffer> out, Receiver<ByteBuffer> in, ByteBuffer message)
            throws IOException, InterruptedException {
        for (int done = 0; done < WARM_UP; done += ROUND) {
            pingRound(out, in, message, new long[ROUND], 0, ROUND);
        }
        long[] nanos = new long[count];
        long before = Allocated.now();
        for (int done = 0; done < count; done += ROUND) {
            pingRound(out, in, message, nanos, done, Math.min(ROUND, count - done));
        }
        long allocated = (Allocated.now() - before) / count;
        Arrays.sort(nanos);
        print("\"p50_ns\":" + nanos[count / 2] + ",\"p99_ns\":" + nanos[(int) (count * 0.99)] + ",\"allocated\":"
                + allocated);
    }

    private static void pingRound(
            Sender<ByteBuffer> out, Receiver<ByteBuffer> in, ByteBuffer message, long[] nanos, int from, int count)
            throws IOException, InterruptedException {
        long last = System.nanoTime();
        for (int i = from; i < from + count; i++) {
            out.send(message);
            in.receive();
            long now = System.nanoTime();
            nanos[i] = now - last;
            last = now;
        }
    }

    private void send(Sender<ByteBuffer> out, ByteBuffer message, int number) throws IOException, InterruptedException {
        for (int done = 0; done < number; done += ROUND) {
            sendRound(out, message, Math.min(ROUND, number - done), mode.equals("batch"));
        }
    }

    private static void sendRound(Sender<ByteBuffer> out, ByteBuffer message, int count, boolean batched)
            throws IOException, InterruptedException {
        if (!batched) {
            for (int i = 0; i < count; i++) {
                out.send(message);
            }
            return;
        }
        try (Batch<ByteBuffer> batch = out.batch()) {
            for (int i = 0; i < count; i++) {
                batch.add(message);
            }
        }
    }

    private void print(String figures) {
        System.out.println("{\"name\":\"" + name + "\",\"mode\":\"" + mode + "\",\"size\":" + size + ",\"n\":" + count
                + "," + figures + "}");
    }

    /** Receives so many messages and tells the rate. */
    private static final class Counter {
        private static final int WINDOW_BYTES = 2 << 20;
        private static final int DRAIN = 1024;

        private final Receiver<ByteBuffer> in;
        private final int expected;
        private final int size;
        private final double[] rates = new double[256];
        private int got;
        private long bytes;

        private Counter(Receiver<ByteBuffer> in, int expected, int size) {
            this.in = in;
            this.expected = expected;
            this.size = size;
        }

        private void count(ByteBuffer message) {
            got++;
            bytes += message.remaining();
        }

        private void run(Sender<ByteBuffer> out) throws IOException, InterruptedException {
            count(in.receive());
            int step = Math.max(1, Math.max(expected / 100, Math.min(WINDOW_BYTES / size, expected / 4)));
            long allocated = Allocated.now();
            long started = System.nanoTime();
            long opened = started;
            int openedAt = got;
            int windows = 0;
            while (got < expected) {
                receiveSome();
                if (got - openedAt >= step && windows < rates.length) {
                    long now = System.nanoTime();
                    rates[windows++] = (got - openedAt) * 1e9 / (now - opened);
                    opened = now;
                    openedAt = got;
                }
            }
            double overall = (got - 1) * 1e9 / (System.nanoTime() - started);
            Arrays.sort(rates, 0, windows);
            ByteBuffer result = ByteBuffer.allocateDirect(24).order(ByteOrder.LITTLE_ENDIAN);
            result.putDouble(0, windows == 0 ? overall : rates[windows / 2]).putDouble(8, overall);
            result.putLong(16, (Allocated.now() - allocated) / expected);
            if (bytes != (long) got * size) {
                throw new IllegalStateException(bytes + " bytes in " + got + " messages");
            }
            out.send(result);
        }

        private void receiveSome() throws IOException, InterruptedException {
            count(in.receive());
            if (got < expected) {
                in.drain(this::count, Math.min(DRAIN, expected - got));
            }
        }
    }
}

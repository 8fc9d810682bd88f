package org.jvmipc.signals.bench;

import java.io.IOException;
import java.util.Arrays;
import java.util.Locale;
import org.jvmipc.process.ChildJvm;
import org.jvmipc.process.JvmLauncher;
import org.jvmipc.process.ParentJvm;
import org.jvmipc.signals.PosixSignal;
import org.jvmipc.signals.SignalEvent;
import org.jvmipc.signals.SignalReceiver;
import org.jvmipc.signals.SignalTarget;
import org.jvmipc.signals.Signals;

/**
 * How fast a real-time signal with a value goes from one JVM to another: {@code rtt} is a ping-pong, {@code tput} one
 * way, as fast as the sender can, {@code drain} the taking of what had queued up before; against C's {@code sigqueue}
 * and {@code sigwaitinfo}. {@code open} is the start of a receiver in a JVM that nothing was prepared in: the first, which loads JNA
 * and its classes, then N more, each of a signal that was not received before it and is given back after it.
 *
 * <pre>PIN=same|cross|none CPUS=0,1 config/bench org.jvmipc.signals.bench.SignalBench rtt|tput|drain|open N</pre>
 */
public final class SignalBench {
    private static final PosixSignal PING = PosixSignal.realTime(1);
    private static final int WARM_UP = 50_000;
    private static final int WINDOW = 2_000;

    private SignalBench() {}

    /** Runs one measurement. */
    public static void main(String[] words) throws Exception {
        if (words.length != 2) {
            System.err.println("usage: SignalBench rtt|tput|drain|open N");
            System.exit(2);
        }
        int count = Integer.parseInt(words[1]);
        if (ParentJvm.isPresent()) {
            child(words[0], count);
        } else if (words[0].equals("open")) {
            open(count);
        } else {
            parent(words, count);
        }
    }

    private static void parent(String[] words, int count) throws Exception {
        JvmLauncher launcher = JvmLauncher.of(SignalBench.class)
                .jvmArguments("-XX:+UseSerialGC", "-Xms256m", "-Xmx256m")
                .arguments(words)
                .blockSignals(PING.number());
        try (SignalReceiver answers = Signals.receive(PING);
                ChildJvm child = launcher.start();
                SignalTarget target = SignalTarget.of(child)) {
            child.awaitReady();
            pin(child.pid(), 1);
            pin(ProcessHandle.current().pid(), 0);
            String figures = words[0].equals("rtt")
                    ? roundTrips(target, answers, count)
                    : oneWay(target, answers, words[0], count);
            System.out.println(
                    "{\"name\":\"ours.signal\",\"mode\":\"" + words[0] + "\",\"n\":" + count + "," + figures + "}");
            child.awaitExit();
        }
    }

    private static void open(int count) throws Exception {
        long first = nanosToOpen();
        long[] nanos = new long[count];
        for (int i = 0; i < count; i++) {
            nanos[i] = nanosToOpen();
        }
        Arrays.sort(nanos);
        System.out.println("{\"name\":\"ours.signal\",\"mode\":\"open\",\"n\":" + count + ",\"first_ns\":" + first
                + ",\"p50_ns\":" + nanos[count / 2] + ",\"max_ns\":" + nanos[count - 1] + "}");
    }

    private static long nanosToOpen() throws Exception {
        long start = System.nanoTime();
        try (SignalReceiver receiver = Signals.receive(PING)) {
            long end = System.nanoTime();
            if (receiver.tryReceive() != null) {
                throw new IllegalStateException("nobody sent " + PING);
            }
            return end - start;
        }
    }

    private static String roundTrips(SignalTarget target, SignalReceiver answers, int count) throws Exception {
        for (int i = 0; i < WARM_UP; i++) {
            target.queue(PING, i);
            answers.receive();
        }
        long[] nanos = new long[count];
        long last = System.nanoTime();
        for (int i = 0; i < count; i++) {
            target.queue(PING, i);
            answers.receive();
            long now = System.nanoTime();
            nanos[i] = now - last;
            last = now;
        }
        Arrays.sort(nanos);
        return "\"p50_ns\":" + nanos[count / 2] + ",\"p99_ns\":" + nanos[(int) (count * 0.99)];
    }

    private static String oneWay(SignalTarget target, SignalReceiver answers, String mode, int count) throws Exception {
        for (int round : new int[] {WARM_UP, count}) {
            if (mode.equals("drain")) {
                Signals.send(target.pid(), PosixSignal.STOP);
            }
            for (int i = 0; i < round; i++) {
                target.queue(PING, i);
            }
            if (mode.equals("drain")) {
                Signals.send(target.pid(), PosixSignal.CONT);
            }
            int rate = answers.receive().value().orElseThrow();
            if (round == count) {
                return "\"rate\":" + rate;
            }
        }
        throw new IllegalStateException("no round");
    }

    private static void child(String mode, int count) throws Exception {
        ParentJvm parent = ParentJvm.get();
        try (SignalReceiver pings = Signals.receive(PING);
                SignalTarget target = SignalTarget.of(parent.identity())) {
            parent.ready();
            if (mode.equals("rtt")) {
                for (int i = 0; i < WARM_UP + count; i++) {
                    pings.receive();
                    target.queue(PING, i);
                }
            } else {
                target.queue(PING, receive(pings, WARM_UP));
                target.queue(PING, receive(pings, count));
            }
        }
    }

    /** Receives so many: how many a second, in the median of short windows. */
    private static int receive(SignalReceiver pings, int count) throws IOException, InterruptedException {
        double[] rates = new double[Math.max(1, count / WINDOW)];
        int windows = 0;
        long opened = System.nanoTime();
        for (int i = 0; i < count; i++) {
            SignalEvent event = pings.receive();
            if (event.value().orElseThrow() != i) {
                throw new IllegalStateException(String.format(Locale.ROOT, "expected %d, got %s", i, event));
            }
            if ((i + 1) % WINDOW == 0) {
                long now = System.nanoTime();
                rates[windows++] = WINDOW * 1e9 / (now - opened);
                opened = now;
            }
        }
        Arrays.sort(rates, 0, windows);
        return (int) rates[windows / 2];
    }

    private static void pin(long pid, int side) throws IOException, InterruptedException {
        String pin = System.getenv().getOrDefault("PIN", "none");
        if (!pin.equals("none")) {
            String cpu = System.getenv().getOrDefault("CPUS", "0,1").split(",", -1)[pin.equals("same") ? 0 : side];
            new ProcessBuilder("taskset", "-a", "-p", "-c", cpu, Long.toString(pid))
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        }
    }
}

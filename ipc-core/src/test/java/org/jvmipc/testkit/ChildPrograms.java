package org.jvmipc.testkit;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.jvmipc.Codecs;
import org.jvmipc.PeerGoneException;
import org.jvmipc.Receiver;
import org.jvmipc.Sender;
import org.jvmipc.process.ParentJvm;

/**
 * The programs of child JVMs. They receive from {@link ChildMain#IN}, send to {@link ChildMain#OUT}, and open what they
 * need before they say that they are ready. A message of a run is {@link Payloads#bytes} with {@link Payloads#size}.
 */
public final class ChildPrograms {
    /** What a program that checks what it got ends with when that was wrong. */
    public static final int EXIT_WRONG = 3;

    /** What a program ends with when the other side is gone and that is no surprise. */
    public static final int EXIT_PEER_GONE = 5;

    private static final Map<String, ChildProgram> BY_NAME = new TreeMap<>();

    static {
        BY_NAME.put("echo", (parent, arguments) -> echo(parent));
        BY_NAME.put("produce", ChildPrograms::produce);
        BY_NAME.put("produce-noisily", ChildPrograms::produceNoisily);
        BY_NAME.put("produce-and-halt", ChildPrograms::produceAndHalt);
        BY_NAME.put("produce-beside-grandchild", ChildPrograms::produceBesideGrandchild);
        BY_NAME.put("half-message", ChildPrograms::halfMessage);
        BY_NAME.put("consume", ChildPrograms::consume);
        BY_NAME.put("consume-and-halt", ChildPrograms::consumeAndHalt);
        BY_NAME.put("read-nothing", (parent, arguments) -> readNothing(parent));
        BY_NAME.put("send-nothing", (parent, arguments) -> sendNothing(parent));
        BY_NAME.put("sleep", (parent, arguments) -> sleep(parent));
        BY_NAME.put("never-ready", (parent, arguments) -> sleepForEver());
        BY_NAME.put("die", (parent, arguments) -> die(arguments));
        BY_NAME.put("flood-stderr", ChildPrograms::floodStderr);
    }

    private ChildPrograms() {}

    static Set<String> names() {
        return new TreeSet<>(BY_NAME.keySet());
    }

    static @Nullable ChildProgram byName(String name) {
        return BY_NAME.get(name);
    }

    /**
     * Which messages a run has. In the arguments: how many, the seed, the largest size.
     *
     * @param count -1 for no end
     */
    private record Run(long count, long seed, int limit) {
        static Run of(String[] arguments) {
            return new Run(Long.parseLong(arguments[0]), Long.parseLong(arguments[1]), Integer.parseInt(arguments[2]));
        }

        boolean has(long seq) {
            return count < 0 || seq < count;
        }

        byte[] message(long seq) {
            return Payloads.bytes(seed, seq, Payloads.size(seed, seq, limit));
        }

        void sendTo(Sender<byte[]> out) throws IOException, InterruptedException {
            for (long seq = 0; has(seq); seq++) {
                out.send(message(seq));
            }
        }
    }

    /** Sends back what comes, until the other side closes. */
    private static void echo(ParentJvm parent) throws IOException, InterruptedException {
        try (Receiver<byte[]> in = parent.receiver(ChildMain.IN, Codecs.bytes());
                Sender<byte[]> out = parent.sender(ChildMain.OUT, Codecs.bytes())) {
            parent.ready();
            while (true) {
                out.send(in.receive());
            }
        } catch (PeerGoneException e) {
            if (e.reason() != PeerGoneException.Reason.CLOSED) {
                throw e;
            }
        }
    }

    /** Sends a run, which may have no end, and closes. */
    private static void produce(ParentJvm parent, String[] arguments) throws IOException, InterruptedException {
        try (Sender<byte[]> out = parent.sender(ChildMain.OUT, Codecs.bytes())) {
            parent.ready();
            Run.of(arguments).sendTo(out);
        } catch (PeerGoneException e) {
            System.exit(EXIT_PEER_GONE);
        }
    }

    /** As produce, while other threads print to both standard streams. */
    private static void produceNoisily(ParentJvm parent, String[] arguments) throws IOException, InterruptedException {
        Thread noise = new Thread(
                () -> {
                    while (true) {
                        System.out.println("noise on standard output, which is not the channel");
                        System.err.println("noise on standard error");
                        System.out.write(new byte[] {0, 1, 'J', 'I', -1, '\n'}, 0, 6);
                        System.out.flush();
                    }
                },
                "noise");
        noise.setDaemon(true);
        noise.start();
        produce(parent, arguments);
    }

    /** Sends a run and ends as if killed: nothing is closed. */
    private static void produceAndHalt(ParentJvm parent, String[] arguments) throws IOException, InterruptedException {
        Sender<byte[]> out = parent.sender(ChildMain.OUT, Codecs.bytes());
        parent.ready();
        Run.of(arguments).sendTo(out);
        Runtime.getRuntime().halt(0);
    }

    /**
     * Starts a process that inherits what it can and lives on for half a minute, sends its pid as the first message, then
     * a run, and closes.
     */
    private static void produceBesideGrandchild(ParentJvm parent, String[] arguments)
            throws IOException, InterruptedException {
        try (Sender<byte[]> out = parent.sender(ChildMain.OUT, Codecs.bytes())) {
            Process grandchild = new ProcessBuilder("sleep", "30")
                    .redirectInput(Redirect.INHERIT)
                    .redirectOutput(Redirect.INHERIT)
                    .redirectError(Redirect.DISCARD)
                    .start();
            parent.ready();
            out.send(ByteBuffer.allocate(Long.BYTES).putLong(grandchild.pid()).array());
            Run.of(arguments).sendTo(out);
        }
    }

    /** Sends a run, then a message for which there is no room; is ready when it is blocked in the middle of that. */
    private static void halfMessage(ParentJvm parent, String[] arguments) throws Exception {
        Sender<byte[]> out = parent.sender(ChildMain.OUT, Codecs.bytes());
        byte[] large = new byte[Integer.parseInt(arguments[3])];
        Worker<Boolean> writer = Worker.run(() -> {
            Run.of(arguments).sendTo(out);
            while (true) {
                out.send(large);
            }
        });
        writer.awaitBlocked();
        parent.ready();
        sleepForEver();
    }

    /** Receives a run to its end; ends with {@link #EXIT_WRONG} if it was not exactly that. */
    private static void consume(ParentJvm parent, String[] arguments) throws IOException, InterruptedException {
        Run run = Run.of(arguments);
        long[] seq = {0};
        try (Receiver<byte[]> in = parent.receiver(ChildMain.IN, Codecs.bytes())) {
            parent.ready();
            in.forEach(message -> {
                int size = Payloads.size(run.seed, seq[0], run.limit);
                Payloads.verify(run.seed, seq[0], size, message);
                seq[0]++;
            });
        } catch (AssertionError e) {
            e.printStackTrace();
            System.exit(EXIT_WRONG);
        }
        if (seq[0] != run.count) {
            System.err.println("got " + seq[0] + " messages, not " + run.count);
            System.exit(EXIT_WRONG);
        }
    }

    /** Receives so many messages and ends as if killed: nothing is closed. */
    private static void consumeAndHalt(ParentJvm parent, String[] arguments) throws IOException, InterruptedException {
        Receiver<byte[]> in = parent.receiver(ChildMain.IN, Codecs.bytes());
        parent.ready();
        for (long left = Long.parseLong(arguments[0]); left > 0; left--) {
            in.receive();
        }
        Runtime.getRuntime().halt(0);
    }

    private static void readNothing(ParentJvm parent) throws IOException, InterruptedException {
        Receiver<byte[]> in = parent.receiver(ChildMain.IN, Codecs.bytes());
        parent.ready();
        sleepForEver();
        in.close(); // never; keeps it reachable
    }

    private static void sendNothing(ParentJvm parent) throws IOException, InterruptedException {
        Sender<byte[]> out = parent.sender(ChildMain.OUT, Codecs.bytes());
        parent.ready();
        sleepForEver();
        out.close(); // never; keeps it reachable
    }

    private static void sleep(ParentJvm parent) throws InterruptedException {
        parent.ready();
        sleepForEver();
    }

    private static void sleepForEver() throws InterruptedException {
        new CountDownLatch(1).await();
    }

    /** Ends at once, with this code, after some last words. */
    private static void die(String[] arguments) {
        System.err.println("last words");
        System.exit(Integer.parseInt(arguments[0]));
    }

    /** Prints so many lines of 100 characters to standard error, which may be read by nobody; then is ready, and ends. */
    private static void floodStderr(ParentJvm parent, String[] arguments) {
        for (long line = 0; line < Long.parseLong(arguments[0]); line++) {
            System.err.printf("%-99d%n", line);
        }
        parent.ready();
    }

    /** A grandchild's end, whether it is still there or not. */
    static void kill(long pid) throws Exception {
        ProcessHandle handle = ProcessHandle.of(pid).orElse(null);
        if (handle != null) {
            handle.destroyForcibly();
            Await.within(Duration.ofSeconds(2), () -> !handle.isAlive());
        }
    }
}

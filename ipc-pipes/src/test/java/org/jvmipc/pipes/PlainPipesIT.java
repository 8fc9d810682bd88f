package org.jvmipc.pipes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.jvmipc.Codecs;
import org.jvmipc.Framing;
import org.jvmipc.PeerGoneException;
import org.jvmipc.PeerGoneException.Reason;
import org.jvmipc.Receiver;
import org.jvmipc.Sender;
import org.jvmipc.process.ChildJvm;
import org.jvmipc.process.JvmLauncher;
import org.jvmipc.process.ParentJvm;
import org.jvmipc.testkit.Await;
import org.jvmipc.testkit.ChildMain;
import org.jvmipc.testkit.ChildProgram;
import org.jvmipc.testkit.Children;
import org.jvmipc.testkit.NoLeaks;
import org.jvmipc.testkit.Worker;

/** Lines and raw bytes between two JVMs, one of which is killed. Without frames an end is an end: {@code CLOSED}. */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@ExtendWith(NoLeaks.class)
class PlainPipesIT implements NoLeaks.WarmUp {
    private static final Duration PROMPT = Duration.ofSeconds(2);
    private static final PipeOptions LINES = PipeOptions.defaults().withFraming(Framing.LINE);

    @Override
    public void warmUp() throws Exception {
        try (ChildJvm child = ChildMain.launcher("sleep").start()) {
            child.awaitReady();
        }
    }

    @Test
    void whatAKilledWriterHadWrittenIsWholeLinesAndThenTheEnd() throws Exception {
        JvmLauncher launcher = ChildMain.launcher(Counting.class);
        AtomicLong received = new AtomicLong();
        try (PipeReceiver<String> in = Pipes.fromStdout(launcher, Codecs.utf8(), LINES);
                ChildJvm child = Children.start(launcher);
                Worker<Boolean> reader = Worker.run(() -> {
                    while (true) {
                        assertEquals(line(received.get()), in.receive());
                        received.incrementAndGet();
                    }
                })) {
            Await.until("it flows", () -> reader.isDone() || received.get() >= 1000);
            child.kill();
            PeerGoneException gone = reader.failure(PeerGoneException.class, PROMPT);
            assertEquals(Reason.CLOSED, gone.reason());
        }
    }

    /** Of 4096 bytes at most with its newline, so that it is written all or nothing. */
    private static String line(long number) {
        return number + " " + "-".repeat((int) (number * 37 % 4000));
    }

    /** Writes lines, without end. */
    static final class Counting implements ChildProgram {
        @Override
        public void run(ParentJvm parent, String[] arguments) throws Exception {
            try (Sender<String> out = parent.sender(Pipes.STDOUT, Codecs.utf8())) {
                parent.ready();
                System.out.println("no line of the pipe");
                for (long number = 0; ; number++) {
                    out.send(line(number));
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"LINE", "RAW"})
    void theDeathOfAReaderWakesABlockedWriter(Framing framing) throws Exception {
        JvmLauncher launcher = ChildMain.launcher(ReadingNothing.class);
        try (PipeSender<byte[]> out = Pipes.toStdin(launcher, Codecs.bytes(), LINES.withFraming(framing));
                ChildJvm child = Children.start(launcher)) {
            while (out.trySend(new byte[1000])) {}
            try (Worker<Boolean> writer = Worker.run(() -> out.send(new byte[1000]))) {
                writer.awaitBlocked();
                child.kill();
                PeerGoneException gone = writer.failure(PeerGoneException.class, PROMPT);
                assertEquals(Reason.CLOSED, gone.reason());
            }
            assertTrue(out.isOpen(), "the other side's death is no close of this one");
        }
    }

    /** Opens its standard input, and leaves it at that. */
    static final class ReadingNothing implements ChildProgram {
        @Override
        public void run(ParentJvm parent, String[] arguments) throws Exception {
            try (Receiver<byte[]> in = parent.receiver(Pipes.STDIN, Codecs.bytes())) {
                parent.ready();
                new CountDownLatch(1).await();
                assertTrue(in.isOpen()); // never
            }
        }
    }
}

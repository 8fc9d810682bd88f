package org.jvmipc.shm;

import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.jvmipc.Codecs;
import org.jvmipc.CorruptDataException;
import org.jvmipc.process.ChildJvm;
import org.jvmipc.process.ExitStatus;
import org.jvmipc.process.ParentJvm;
import org.jvmipc.testkit.Await;
import org.jvmipc.testkit.ChildMain;
import org.jvmipc.testkit.ChildProgram;
import org.jvmipc.testkit.Children;
import org.jvmipc.testkit.Jvms;
import org.jvmipc.testkit.Worker;

/** The file of a ring is cut off under traffic: both ends get a typed error, and their JVM lives. */
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RingTruncationIT {
    @TempDir
    Path directory;

    static List<Path> homes() throws Exception {
        return new ArrayList<>(Jvms.homes());
    }

    private interface Use {
        void once() throws IOException, InterruptedException;
    }

    /** Sends and receives in a thread each, until both were told. */
    static final class Passes implements ChildProgram {
        @Override
        public void run(ParentJvm parent, String[] arguments) throws Exception {
            SharedRing ring = SharedRing.open(Path.of(arguments[0]));
            RingReceiver<byte[]> in = ring.openReceiver(Codecs.bytes());
            RingSender<byte[]> out = ring.openSender(Codecs.bytes());
            byte[] message = new byte[500];
            List<Thread> threads = List.of(
                    start(() -> out.trySend(message, Duration.ofMillis(1))),
                    start(() -> in.tryReceive(Duration.ofMillis(1))));
            parent.ready();
            for (Thread thread : threads) {
                thread.join();
            }
            out.close();
            in.close();
        }

        private static Thread start(Use use) {
            Thread thread = new Thread(() -> {
                while (true) {
                    try {
                        use.once();
                    } catch (CorruptDataException e) {
                        return;
                    } catch (InternalError e) {
                        // Java 17 tells late: it is this or the next call that says so.
                    } catch (IOException | InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                }
            });
            thread.start();
            return thread;
        }
    }

    @ParameterizedTest
    @MethodSource("homes")
    void aFileThatIsCutOffUnderTrafficIsATypedError(Path home) throws Exception {
        Path file = directory.resolve("r");
        SharedRing.create(file, RingOptions.defaults()).close();
        try (ChildJvm child =
                Children.start(ChildMain.launcher(Passes.class, file).javaHome(home))) {
            assertNull(child.tryAwaitExit(Duration.ofMillis(300)), "it works until then");
            cut(file);
            ExitStatus status = child.tryAwaitExit(Await.LONG);
            assertNotNull(status, "an end was not told");
            assertTrue(status.isSuccess(), () -> status + " " + child.lastErrorLines());
        }
    }

    private static void cut(Path file) throws IOException {
        try (RandomAccessFile cut = new RandomAccessFile(file.toFile(), "rw")) {
            cut.setLength(0);
        }
    }

    @Test
    void whoSleepsInAFileThatIsCutOffIsWokenWithAnError() throws Exception {
        Path file = directory.resolve("r");
        try (SharedRing ring = SharedRing.create(file, RingOptions.defaults());
                RingReceiver<byte[]> in = ring.openReceiver(Codecs.bytes());
                Worker<byte[]> receives = Worker.call(in::receive)) {
            receives.awaitBlocked();
            cut(file);
            receives.failure(CorruptDataException.class);
        }
    }
}

package org.jvmipc.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.jvmipc.internal.posix.PollSet;

/** A watch over processes with which something goes wrong that the program cannot help. */
@Timeout(60)
class ChildWatchTest {
    /** Where it goes wrong. */
    private enum Failing {
        WATCHING,
        WAITING,
        AFTER_END
    }

    /** A shell that ends with 3 when its input is closed, for which there is no pidfd. */
    private static final class Troubled extends Process {
        private final Process shell;
        private final Process ended;
        private final Failing failing;

        Troubled(Failing failing) throws Exception {
            this.failing = failing;
            ended = new ProcessBuilder("true").start();
            ended.waitFor();
            shell = new ProcessBuilder("sh", "-c", "read x; exit 3").start();
        }

        @Override
        public ProcessHandle toHandle() {
            return ended.toHandle();
        }

        @Override
        public long pid() {
            throw new OutOfMemoryError("as if"); // only looked at after the end
        }

        @Override
        public CompletableFuture<Process> onExit() {
            if (failing == Failing.WATCHING) {
                throw new OutOfMemoryError("as if");
            }
            return shell.onExit();
        }

        @Override
        public boolean isAlive() {
            return shell.isAlive();
        }

        @Override
        public int waitFor() throws InterruptedException {
            if (failing == Failing.WAITING) {
                throw new OutOfMemoryError("as if");
            }
            return shell.waitFor();
        }

        @Override
        public OutputStream getOutputStream() {
            return shell.getOutputStream();
        }

        @Override
        public InputStream getInputStream() {
            return shell.getInputStream();
        }

        @Override
        public InputStream getErrorStream() {
            return shell.getErrorStream();
        }

        @Override
        public int exitValue() {
            return shell.exitValue();
        }

        @Override
        public void destroy() {
            shell.destroy();
        }

        /** Nothing of it is left open. */
        void end() throws Exception {
            shell.getOutputStream().close();
            shell.waitFor();
            shell.getInputStream().close();
            shell.getErrorStream().close();
        }
    }

    private final AtomicInteger released = new AtomicInteger();

    private ChildWatch watch(Troubled process) throws Exception {
        PollSet polled = ChildWatch.newPollSet();
        return new ChildWatch(
                process,
                new ChildSignals(process.toHandle()),
                new ControlChannel(),
                polled,
                new CapturedStream(),
                new CapturedStream(),
                List.of(released::incrementAndGet),
                null,
                process.failing == Failing.AFTER_END);
    }

    private static int openFds() {
        return new File("/proc/self/fd").list().length;
    }

    @Test
    void anErrorWhileWatchingIsToldAndTheEndStillSeen() throws Exception {
        Troubled process = new Troubled(Failing.WATCHING);
        int before = openFds();
        ChildWatch watch = watch(process);
        watch.start("ipc-child-test");
        assertFalse(watch.ready.get(20, TimeUnit.SECONDS));
        assertInstanceOf(OutOfMemoryError.class, watch.deaf());
        assertFalse(watch.exit.isDone());
        assertEquals(0, released.get());
        process.getOutputStream().close();
        assertEquals(ExitStatus.exited(3), watch.exit.get(20, TimeUnit.SECONDS));
        assertEquals(1, released.get());
        assertEquals(List.of(), watch.errorLines());
        process.end();
        assertTrue(openFds() <= before, "descriptors are left");
    }

    @Test
    void anErrorAfterTheEndDoesNotHideIt() throws Exception {
        Troubled process = new Troubled(Failing.AFTER_END);
        int before = openFds();
        ChildWatch watch = watch(process);
        watch.start("ipc-child-test");
        process.getOutputStream().close();
        assertEquals(ExitStatus.exited(3), watch.exit.get(20, TimeUnit.SECONDS));
        assertFalse(watch.ready.join());
        assertEquals(1, released.get());
        process.end();
        assertTrue(openFds() <= before, "descriptors are left");
    }

    @Test
    void waitsDoNotHangWhenTheEndCannotBeSeen() throws Exception {
        Troubled process = new Troubled(Failing.WAITING);
        ChildWatch watch = watch(process);
        watch.start("ipc-child-test");
        process.getOutputStream().close();
        ExecutionException error = assertThrows(ExecutionException.class, () -> watch.exit.get(20, TimeUnit.SECONDS));
        assertInstanceOf(OutOfMemoryError.class, error.getCause());
        assertFalse(watch.ready.join());
        assertEquals(1, released.get());
        process.end();
    }
}

package org.jvmipc.internal.posix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.jvmipc.LimitException;
import org.jvmipc.OsException;
import org.jvmipc.testkit.Await;
import org.jvmipc.testkit.Jvms;
import org.jvmipc.testkit.Strike;

@Timeout(60)
class MqCallsTest {
    @Test
    void oneWhoseDescriptorCannotBeMovedLeavesNoName() throws Exception {
        List<String> command = new ArrayList<>(List.of(Jvms.java().toString()));
        command.addAll(Jvms.FAST_START);
        command.addAll(List.of(
                "-Dorg.jvmipc.seam=" + System.getProperty("org.jvmipc.seam"),
                "-cp",
                System.getProperty("java.class.path"),
                WithoutInput.class.getName()));
        Process program = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try {
            String text = new String(program.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertTrue(program.waitFor(Await.LONG.toSeconds(), TimeUnit.SECONDS), "it does not end");
            assertEquals("fcntl(F_DUPFD_CLOEXEC) RLIMIT_NOFILE\nENOENT\n", text);
        } finally {
            program.destroyForcibly();
        }
    }

    /** Has no standard input, so that a queue gets its number, from which it has to be moved away. */
    static final class WithoutInput {
        private WithoutInput() {}

        public static void main(String[] args) throws Exception {
            String name = "/ipc-test-" + ProcessHandle.current().pid() + "-" + System.nanoTime();
            MqCalls.create(name, 0600, 1, 1).close();
            MqCalls.unlink(name);
            Errno.text(0);
            Strike strike = Strike.failing(2, Errno.EMFILE);
            OsCalls.close(0);
            try (strike) {
                strike.arm();
                MqCalls.create(name, 0600, 1, 1).close();
                System.out.println("it was made");
            } catch (LimitException e) {
                System.out.println(strike.call() + " " + e.limit());
            }
            try {
                MqCalls.open(name, Fcntl.O_RDONLY).close();
                System.out.println("it is there");
            } catch (OsException e) {
                System.out.println(e.errnoName());
            } finally {
                MqCalls.unlink(name);
            }
        }
    }
}

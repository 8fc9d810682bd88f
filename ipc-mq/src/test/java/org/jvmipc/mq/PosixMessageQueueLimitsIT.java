package org.jvmipc.mq;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.jvmipc.Address;
import org.jvmipc.Codecs;
import org.jvmipc.LimitException;
import org.jvmipc.internal.posix.MqCalls;
import org.jvmipc.internal.registry.Registry;
import org.jvmipc.mq.internal.MountedNames;
import org.jvmipc.testkit.Await;
import org.jvmipc.testkit.Jvms;
import org.jvmipc.testkit.NoLeaks;

/** Every limit of kernel message queues is hit, and named. Those of the whole machine in an IPC namespace of their own. */
@ExtendWith(NoLeaks.class)
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class PosixMessageQueueLimitsIT implements NoLeaks.WarmUp {
    /** More than any kernel allows anybody. */
    private static final int TOO_DEEP = 65_537;

    private static final int TOO_LARGE = (16 << 20) + 1;
    private static final String LIMITS = "/proc/sys/fs/mqueue/";

    @TempDir
    Path directory;

    private final Address address = PosixNames.address();

    @Override
    public void warmUp() throws Exception {
        PosixNames.ends(Codecs.bytes()).close();
        new ProcessBuilder("true").start().waitFor();
    }

    @AfterEach
    void remove() throws IOException {
        assertFalse(PosixMessageQueue.remove(address), "what was refused has left a queue");
    }

    private LimitException refused(PosixMessageQueueOptions options) throws IOException {
        LimitException refused =
                assertThrows(LimitException.class, () -> PosixMessageQueue.create(address, Codecs.bytes(), options));
        assertFalse(PosixMessageQueue.exists(address));
        assertNull(
                Registry.open().find("posixmq", "/dev/mqueue" + address.location()),
                "what was refused has left a record");
        return refused;
    }

    /** In one read: these files answer only the first in full. */
    private static long number(String path) throws IOException {
        try (InputStream file = new FileInputStream(path)) {
            byte[] content = new byte[64];
            int length = file.read(content);
            return Long.parseLong(new String(content, 0, length, StandardCharsets.US_ASCII).strip());
        }
    }

    @Test
    void moreMessagesThanTheKernelAllows() throws Exception {
        LimitException refused = refused(new PosixMessageQueueOptions(TOO_DEEP, 1));
        assertEquals(LIMITS + "msg_max", refused.limit());
        assertEquals(number(LIMITS + "msg_max"), refused.value());
        assertTrue(String.valueOf(refused.getMessage()).contains("65537 messages (EINVAL)"), refused.toString());
    }

    @Test
    void largerMessagesThanTheKernelAllows() throws Exception {
        LimitException refused = refused(new PosixMessageQueueOptions(1, TOO_LARGE));
        assertEquals(LIMITS + "msgsize_max", refused.limit());
        assertEquals(number(LIMITS + "msgsize_max"), refused.value());
        assertTrue(String.valueOf(refused.getMessage()).contains("16777217 bytes (EINVAL)"), refused.toString());
    }

    @Test
    void moreBytesThanTheUserMayHave() throws Exception {
        String before = output("prlimit", "--pid", self(), "--msgqueue", "--noheadings", "--output", "SOFT");
        assumeTrue(before.matches("[0-9]+"), "there is no prlimit, or no limit");
        setSoftLimit("20000");
        try {
            LimitException refused = refused(PosixNames.OPTIONS);
            assertEquals("RLIMIT_MSGQUEUE", refused.limit());
            assertEquals(20_000, refused.value());
            String text = String.valueOf(refused.getMessage());
            assertTrue(text.contains("takes 41920 bytes"), text); // 10 * (4096 + 48 + 48)
            assertTrue(text.contains("(EMFILE)") && text.contains("ulimit -q"), text);
        } finally {
            setSoftLimit(before);
        }
    }

    @Test
    void moreQueuesThanTheKernelAllows() throws Exception {
        List<String> lines = inOwnNamespace(Many.class);
        assumeTrue(!lines.equals(List.of("no limit")), "a privileged user has no such limit");
        assertEquals(List.of(LIMITS + "queues_max " + number(LIMITS + "queues_max")), lines);
    }

    /** Where the names show as files, those that other programs have made are listed, too. */
    @Test
    void namesAreListedWhereTheyAreMounted() throws Exception {
        List<String> lines = inOwnNamespace(Mounted.class, directory.toString());
        assertEquals(List.of("before false []", "mounted true [/by-c, /by-us]"), lines);
    }

    // ---- programs in a namespace of their own

    private static List<String> inOwnNamespace(Class<?> main, String... arguments) throws Exception {
        assumeTrue(
                output("unshare", "--ipc", "--mount", "echo", "may").equals("may"),
                "this process may not make an IPC namespace");
        List<String> command = new ArrayList<>(
                List.of("unshare", "--ipc", "--mount", Jvms.java().toString()));
        command.addAll(Jvms.FAST_START);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        command.addAll(List.of(arguments));
        Process program = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try {
            String text = new String(program.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertTrue(program.waitFor(Await.LONG.toSeconds(), TimeUnit.SECONDS), "it does not end");
            assertEquals(0, program.exitValue(), text);
            return text.lines().toList();
        } finally {
            program.destroyForcibly();
        }
    }

    private static String self() {
        return Long.toString(ProcessHandle.current().pid());
    }

    private static void setSoftLimit(String bytes) throws Exception {
        output("prlimit", "--pid", self(), "--msgqueue=" + bytes + ":");
    }

    private static String output(String... command) throws InterruptedException {
        try {
            Process process = new ProcessBuilder(command).start();
            String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return process.waitFor() == 0 ? text.strip() : "";
        } catch (IOException e) {
            return "";
        }
    }

    /** Makes queues until there may be no more. */
    static final class Many {
        private static final int ENOUGH = 2_000;

        private Many() {}

        public static void main(String[] args) throws IOException {
            List<String> made = new ArrayList<>();
            try {
                while (made.size() < ENOUGH) {
                    String name = "/many-" + made.size();
                    MqCalls.create(name, 0600, 1, 1).close();
                    made.add(name);
                }
                System.out.println("no limit");
            } catch (LimitException e) {
                System.out.println(e.limit() + " " + e.value());
            } finally {
                for (String name : made) {
                    MqCalls.unlink(name);
                }
            }
        }
    }

    /** Looks for names before and after they are mounted. */
    static final class Mounted {
        private Mounted() {}

        public static void main(String[] args) throws Exception {
            Address ours = Address.of("posixmq:/by-us");
            MqCalls.create("/by-c", 0600, 1, 1).close();
            PosixMessageQueue.create(ours, Codecs.bytes(), PosixNames.OPTIONS);
            try {
                System.out.println("before " + MountedNames.of(args[0]));
                output("mount", "-t", "mqueue", "none", args[0]);
                System.out.println("mounted " + MountedNames.of(args[0]));
            } finally {
                PosixMessageQueue.remove(ours);
            }
        }
    }
}

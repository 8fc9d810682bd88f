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
import java.nio.file.Files;
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
import org.jvmipc.Ipc;
import org.jvmipc.LimitException;
import org.jvmipc.internal.posix.Errno;
import org.jvmipc.internal.posix.Fd;
import org.jvmipc.internal.posix.MqCalls;
import org.jvmipc.internal.posix.OsCalls;
import org.jvmipc.internal.registry.Registry;
import org.jvmipc.internal.registry.RegistryRecord;
import org.jvmipc.mq.internal.MountedNames;
import org.jvmipc.mq.internal.PosixQueueNames;
import org.jvmipc.spi.Scheme;
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
    private static final int CAP_SYS_RESOURCE = 24;
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
                Registry.open().find("posixmq", PosixQueueNames.recordPath(address.location())),
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

    private static void assertTells(LimitException refused, String... parts) {
        String text = String.valueOf(refused.getMessage());
        for (String part : parts) {
            assertTrue(text.contains(part), part + " in " + text);
        }
    }

    /** Who may do it is held to the kernel's own bounds only; capabilities(7). */
    private static void assumeNoPrivilege() throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
            if (line.startsWith("CapEff:")) {
                long mask = Long.parseUnsignedLong(line.substring(7).strip(), 16);
                assumeTrue((mask >>> CAP_SYS_RESOURCE & 1) == 0, "with CAP_SYS_RESOURCE the settings do not count");
            }
        }
    }

    @Test
    void moreMessagesThanTheKernelAllowsAnybody() throws Exception {
        LimitException refused = refused(new PosixMessageQueueOptions(TOO_DEEP, 1));
        assertEquals("HARD_MSGMAX", refused.limit());
        assertEquals(65_536, refused.value());
        assertTells(refused, "65537 messages (EINVAL) name=/", "no setting raises it");
    }

    @Test
    void largerMessagesThanTheKernelAllowsAnybody() throws Exception {
        LimitException refused = refused(new PosixMessageQueueOptions(1, TOO_LARGE));
        assertEquals("HARD_MSGSIZEMAX", refused.limit());
        assertEquals(16 << 20, refused.value());
        assertTells(refused, "16777217 bytes (EINVAL) name=/", "no setting raises it");
    }

    @Test
    void moreAndLargerMessagesThanTheKernelAllowsAnybody() throws Exception {
        LimitException refused = refused(new PosixMessageQueueOptions(TOO_DEEP, TOO_LARGE));
        assertEquals("HARD_MSGMAX", refused.limit());
        assertTells(
                refused, "65537 messages and a largest message of 16777217 bytes", "HARD_MSGSIZEMAX is " + (16 << 20));
    }

    @Test
    void moreMessagesThanTheSettingAllows() throws Exception {
        assumeNoPrivilege();
        int most = (int) number(LIMITS + "msg_max");
        assumeTrue(most < TOO_DEEP - 1, "the setting is the kernel's own bound");
        LimitException refused = refused(new PosixMessageQueueOptions(most + 1, 1));
        assertEquals(LIMITS + "msg_max", refused.limit());
        assertEquals(most, refused.value());
        assertTells(refused, (most + 1) + " messages (EINVAL) name=/", "a privileged user may write a larger value");
    }

    @Test
    void largerMessagesThanTheSettingAllows() throws Exception {
        assumeNoPrivilege();
        int most = (int) number(LIMITS + "msgsize_max");
        assumeTrue(most < TOO_LARGE - 1, "the setting is the kernel's own bound");
        LimitException refused = refused(new PosixMessageQueueOptions(1, most + 1));
        assertEquals(LIMITS + "msgsize_max", refused.limit());
        assertEquals(most, refused.value());
        LimitException both = refused(new PosixMessageQueueOptions(TOO_DEEP, most + 1));
        assertEquals("HARD_MSGMAX", both.limit());
        assertTells(both, LIMITS + "msgsize_max is " + most);
    }

    /** The kernel says EMFILE of this as well as of the bytes of queues. */
    @Test
    void noDescriptorIsLeft() throws Exception {
        assumeTrue(!output("prlimit", "--version").isEmpty(), "there is no prlimit");
        List<String> command = new ArrayList<>(List.of("prlimit", "--nofile=256", "--msgqueue=1"));
        List<String> lines = run(command, NoDescriptor.class, address.location());
        assertEquals(
                List.of(
                        "RLIMIT_MSGQUEUE 1",
                        "mq_open failed name=" + address.location() + ": Too many open files (EMFILE): RLIMIT_NOFILE is"
                                + " 256; raise it with `ulimit -n`, or close endpoints"),
                lines);
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

    /** A name is another queue's in another namespace, though the records of both are in one place. */
    @Test
    void theRecordOfAnotherNamespaceIsNeitherTakenForStaleNorOverwritten() throws Exception {
        PosixMessageQueue.create(address, Codecs.bytes(), PosixNames.OPTIONS);
        String path = PosixQueueNames.recordPath(address.location());
        RegistryRecord ours = Registry.open().find("posixmq", path);
        try {
            List<String> lines = inOwnNamespace(Elsewhere.class, address.toString());
            assertEquals(
                    List.of(
                            "listed false, there false",
                            "told true",
                            "left over false",
                            "made with 3, listed true",
                            "removed true"),
                    lines);
            assertEquals(ours, Registry.open().find("posixmq", path));
            assertTrue(Ipc.list("posixmq").contains(address));
            assertEquals(
                    10, PosixMessageQueue.open(address, Codecs.bytes()).status().depth());
        } finally {
            PosixMessageQueue.remove(address);
        }
    }

    // ---- programs in a namespace of their own

    private static List<String> inOwnNamespace(Class<?> main, String... arguments) throws Exception {
        assumeTrue(
                output("unshare", "--ipc", "--mount", "echo", "may").equals("may"),
                "this process may not make an IPC namespace");
        return run(new ArrayList<>(List.of("unshare", "--ipc", "--mount")), main, arguments);
    }

    private static List<String> run(List<String> command, Class<?> main, String... arguments) throws Exception {
        command.add(Jvms.java().toString());
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

    /** Makes a queue of which not a byte is allowed, at first, and then with every descriptor open that there may be. */
    static final class NoDescriptor {
        private NoDescriptor() {}

        public static void main(String[] args) throws IOException {
            List<Fd> open = new ArrayList<>();
            LimitException told = refused(args[0]);
            System.out.println(told.limit() + " " + told.value());
            Errno.text(0); // from here on no class can be loaded
            try {
                while (true) {
                    open.add(OsCalls.eventfd());
                }
            } catch (LimitException e) {
                told = refused(args[0]);
            } finally {
                open.forEach(Fd::close);
            }
            System.out.println(told.getMessage());
        }

        private static LimitException refused(String name) throws IOException {
            try {
                MqCalls.create(name, 0600, 1, 1).close();
                MqCalls.unlink(name);
                throw new AssertionError("it was made");
            } catch (LimitException e) {
                return e;
            }
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

    /** Finds the record of a queue that is in another namespace, and makes one of its name in its own. */
    static final class Elsewhere {
        private Elsewhere() {}

        public static void main(String[] args) throws Exception {
            Address theirs = Address.of(args[0]);
            Scheme scheme = new PosixMessageQueueTransport();
            System.out.println("listed " + scheme.list().contains(theirs) + ", there " + scheme.exists(theirs));
            System.out.println("told "
                    + scheme.survey().notes().stream()
                            .anyMatch(note -> note.startsWith(theirs + ": it is of another IPC namespace, ipc:[")));
            System.out.println("left over "
                    + scheme.removeStale(false).stream()
                            .anyMatch(removal -> removal.address().equals(theirs)));
            PosixMessageQueue<byte[]> made =
                    PosixMessageQueue.create(theirs, Codecs.bytes(), PosixNames.OPTIONS.withDepth(3));
            System.out.println("made with " + made.status().depth() + ", listed "
                    + scheme.list().contains(theirs));
            System.out.println("removed " + scheme.remove(theirs));
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

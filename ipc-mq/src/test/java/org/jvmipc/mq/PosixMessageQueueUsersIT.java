package org.jvmipc.mq;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.jvmipc.Address;
import org.jvmipc.Codecs;
import org.jvmipc.IpcException;
import org.jvmipc.OsException;
import org.jvmipc.internal.RuntimeDirectory;
import org.jvmipc.internal.posix.ProcessCalls;
import org.jvmipc.spi.ObjectInfo;
import org.jvmipc.spi.Removal;
import org.jvmipc.testkit.Await;
import org.jvmipc.testkit.Jvms;

/** Kernel message queues before a user who may not do everything: for that a JVM is started as another one, which takes root. */
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class PosixMessageQueueUsersIT {
    /** Nobody. */
    private static final String USER = "65534";

    @TempDir
    Path directory;

    private final Address address = PosixNames.address();

    @BeforeEach
    void becomeAnother() throws Exception {
        assumeTrue(ProcessCalls.effectiveUser() == 0, "only root can become another user");
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/setpriv")), "setpriv(1) is not installed");
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxrwxrwx"));
    }

    @AfterEach
    void remove() throws IOException {
        PosixMessageQueue.remove(address);
    }

    // ---- the other user

    /** What he runs from: the build's own places may be shut to him. */
    private String classPath(Class<?>... needed) throws Exception {
        Set<URI> places = new LinkedHashSet<>();
        for (Class<?> each : needed) {
            places.add(each.getProtectionDomain().getCodeSource().getLocation().toURI());
        }
        List<String> copies = new ArrayList<>();
        for (URI place : places) {
            Path copy = directory.resolve("classes-" + copies.size());
            copy(Path.of(place), copy);
            copies.add(copy.toString());
        }
        return String.join(":", copies);
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                Path copied = to.resolve(from.relativize(file).toString());
                Files.copy(file, copied);
                Files.setPosixFilePermissions(
                        copied, PosixFilePermissions.fromString(Files.isDirectory(copied) ? "rwxr-xr-x" : "rw-r--r--"));
            }
        }
    }

    private List<String> asAnother(Class<?> main, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                "/usr/bin/setpriv",
                "--reuid=" + USER,
                "--regid=" + USER,
                "--clear-groups",
                Jvms.java().toString()));
        command.addAll(Jvms.FAST_START);
        command.addAll(List.of(
                "-Djna.tmpdir=" + directory,
                "-cp",
                classPath(main, PosixMessageQueue.class, Codecs.class, Jvms.class, Class.forName("com.sun.jna.Native")),
                main.getName()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment()
                .put(RuntimeDirectory.VARIABLE, directory.resolve("home").toString());
        Process program = builder.start();
        try {
            String text = new String(program.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertTrue(program.waitFor(Await.LONG.toSeconds(), TimeUnit.SECONDS), "it does not end");
            assertEquals(0, program.exitValue(), text);
            return text.lines().toList();
        } finally {
            program.destroyForcibly();
        }
    }

    // ---- tests

    @Test
    void whoMayOnlySendSendsAndIsToldWhatTheQueueIs() throws Exception {
        PosixMessageQueue<String> queue =
                PosixMessageQueue.create(address.with("mode", "0622"), Codecs.utf8(), PosixNames.OPTIONS);
        List<String> lines = asAnother(Sends.class, address.toString());
        assertEquals(
                List.of(
                        "{depth=10, max-message=4096, mode=0622}",
                        "10 of 4096 bytes, 1 there",
                        "uid 0, depth 10, messages 1, bytes left out true",
                        "to receive: EACCES",
                        "without its owner: " + address + ": refused, it belongs to user 0 and not to " + USER
                                + "; name that owner if it is meant to be his"),
                lines);
        try (PosixMessageReceiver<String> in = queue.openReceiver()) {
            assertEquals("from another user", in.tryReceive());
        }
    }

    @Test
    void whoMayNotReadHisOwnQueueListsItAndRemovesIt() throws Exception {
        assertEquals(
                List.of("listed true, IDLE", "removed true, there false", "stale REMOVED, there false"),
                asAnother(OwnsWithoutReading.class, address.toString()));
        assertFalse(PosixMessageQueue.exists(address));
    }

    // ---- what the other user does

    /** Does with the queue what he may. */
    static final class Sends {
        private Sends() {}

        public static void main(String[] args) throws Exception {
            Address address = Address.of(args[0]).with("owner", "0");
            PosixMessageQueueTransport transport = new PosixMessageQueueTransport();
            System.out.println(new TreeMap<>(transport.settings(address)));
            PosixMessageQueue<String> queue = PosixMessageQueue.open(address, Codecs.utf8());
            try (PosixMessageSender<String> out = queue.openSender()) {
                out.send("from another user");
            }
            PosixMessageQueueStatus status = queue.status();
            System.out.println(
                    status.depth() + " of " + status.maxMessageBytes() + " bytes, " + status.messages() + " there");
            Map<String, Object> facts = transport.inspect(address);
            System.out.println("uid " + facts.get("uid") + ", depth " + facts.get("depth") + ", messages "
                    + facts.get("messages") + ", bytes left out " + !facts.containsKey("bytes"));
            try (PosixMessageReceiver<String> in = queue.openReceiver()) {
                System.out.println("it is open: " + in);
            } catch (OsException e) {
                System.out.println("to receive: " + e.errnoName());
            }
            try {
                PosixMessageQueue.open(address.withoutParameters(), Codecs.utf8());
                System.out.println("it was opened");
            } catch (IpcException e) {
                System.out.println("without its owner: " + e.getMessage());
            }
        }
    }

    /** Makes one that he may only write to, twice: removes it himself, and leaves it over. */
    static final class OwnsWithoutReading {
        private OwnsWithoutReading() {}

        public static void main(String[] args) throws Exception {
            PosixMessageQueueTransport transport = new PosixMessageQueueTransport();
            Address plain = Address.of(args[0]);
            Address writeOnly = plain.with("mode", "0200");
            transport.create(writeOnly);
            System.out.println("listed " + transport.list().contains(plain) + ", "
                    + transport.survey().objects().stream()
                            .map(ObjectInfo::state)
                            .toList()
                            .get(0));
            System.out.println("removed " + transport.remove(plain) + ", there " + transport.exists(plain));
            Process owner = new ProcessBuilder("sleep", "60").start();
            try {
                transport.create(writeOnly.with("owned", Long.toString(owner.pid())));
            } finally {
                owner.destroyForcibly().waitFor();
            }
            List<Removal> removals = transport.removeStale(false);
            System.out.println("stale " + removals.get(0).outcome() + ", there " + transport.exists(plain));
        }
    }
}

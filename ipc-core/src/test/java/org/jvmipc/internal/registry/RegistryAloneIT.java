package org.jvmipc.internal.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.jvmipc.Lifetime;
import org.jvmipc.process.ProcessIdentity;
import org.jvmipc.testkit.Jvms;
import org.jvmipc.testkit.NoLeaks;
import org.jvmipc.testkit.PidNamespace;

/** Processes that see less than others, have a strange umask, or hardly a descriptor. */
@Timeout(120)
@ExtendWith(NoLeaks.class)
class RegistryAloneIT {
    @TempDir
    Path temporary;

    private Path directory;
    private Registry registry;
    private Path object;

    @BeforeEach
    void open() throws Exception {
        directory = temporary.resolve("registry");
        object = temporary.resolve("x");
        registry = Registry.at(directory);
    }

    /** Runs a JVM under a command of the shell, in which {@code "$@"} is the JVM, and answers what it printed. */
    private String run(String shell, String... arguments) throws Exception {
        List<String> command =
                new ArrayList<>(List.of("sh", "-c", shell, "sh", Jvms.java().toString()));
        command.addAll(Jvms.FAST_START);
        Collections.addAll(command, "-XX:-MaxFDLimit", "-cp", System.getProperty("java.class.path"));
        Collections.addAll(command, RegistryPrograms.Alone.class.getName(), directory.toString());
        Collections.addAll(command, arguments);
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor());
        return output.strip();
    }

    @Test
    void allIsOfItsOwnerAloneAndUsableWhateverTheUmask() throws Exception {
        run("umask 0777; exec \"$@\"", "create", object.toString());
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                String mode = PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
                assertEquals("rw-------", mode, file::toString);
            }
        }
        assertEquals(
                1, registry.removeStale("fifo", Fixtures.FIFOS, false).removed().size());
    }

    @Test
    void withoutDescriptorsNobodyIsSaidToHaveNothingOpen() throws Exception {
        String told = run("ulimit -n 100; exec \"$@\"", "exhaust", object.toString());
        assertTrue(told.matches("open1 refused( refused| seen){3}"), told);
    }

    @Test
    void anotherNamespaceProvesNoDeath() throws Exception {
        assumeTrue(PidNamespace.isPermitted(), "no pid namespaces here");
        Path stale = temporary.resolve("stale");
        Fixtures.create(registry, object, Lifetime.OWNED, Fixtures.SELF);
        Fixtures.create(registry, stale, Lifetime.OWNED, Fixtures.DEAD);
        assertEquals("[]", run("exec unshare --pid --fork --mount-proc \"$@\"", "clean"));
        assertEquals("[]", run("exec unshare --pid --fork \"$@\"", "clean")); // with this namespace's /proc
        assertTrue(Files.exists(object) && Files.exists(stale));
        assertEquals(
                1, registry.removeStale("fifo", Fixtures.FIFOS, false).removed().size());
    }

    @Test
    void whatAnotherNamespaceHasLeftIsNotProvenStaleHere() throws Exception {
        assumeTrue(PidNamespace.isPermitted(), "no pid namespaces here");
        for (String how : new String[] {"--mount-proc", ""}) {
            ProcessIdentity owner = ProcessIdentity.parse(
                    run("exec unshare --pid --fork " + how + " \"$@\"", "create", object.toString()));
            assertEquals(1, owner.pid());
            assertTrue(owner.startTime() > Fixtures.SELF.startTime(), "the start of another process: " + owner);
            assertEquals(
                    List.of(),
                    registry.removeStale("fifo", Fixtures.FIFOS, false).entries());
            RegistryPrograms.remove(registry, object);
        }
    }

    @Test
    void anotherTmpMakesNothingGone() throws Exception {
        assumeTrue(PidNamespace.isPermitted(), "no namespaces here");
        Path hidden = Files.createDirectory(temporary.resolve("hidden"));
        Fixtures.create(registry, hidden.resolve("x"), Lifetime.KEPT, Fixtures.SELF);
        assertEquals(
                "[]",
                run(
                        "exec unshare --mount sh -c 'mount -t tmpfs none \"$0\" && exec \"$@\"' '" + hidden
                                + "' \"$@\"",
                        "clean"));
        assertEquals(1, registry.list().size());
        Files.delete(hidden.resolve("x"));
        assertEquals(
                1,
                registry.removeStale("fifo", Fixtures.FIFOS, false).forgotten().size());
    }

    @Test
    void withoutProcNothingIsProven() throws Exception {
        assumeTrue(PidNamespace.isPermitted(), "no namespaces here");
        Fixtures.createHalf(registry, object, Fixtures.SELF);
        Fixtures.create(registry, temporary.resolve("made"), Lifetime.OWNED, Fixtures.SELF);
        String libraries = Path.of(System.getProperty("java.home"), "lib").toString();
        assertEquals(
                "[]",
                run(
                        "LD_LIBRARY_PATH='" + libraries + "' exec unshare --mount sh -c "
                                + "'mount -t tmpfs none /proc && exec \"$@\"' sh \"$@\"",
                        "clean"));
        assertEquals(2, registry.list().size());
        assertTrue(Files.exists(object));
    }
}

package org.jvmipc.shm.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.jvmipc.Address;
import org.jvmipc.AddressException;
import org.jvmipc.CorruptDataException;
import org.jvmipc.Ipc;
import org.jvmipc.Lifetime;
import org.jvmipc.OsException;
import org.jvmipc.internal.posix.Errno;
import org.jvmipc.internal.posix.Fcntl;
import org.jvmipc.internal.posix.SemaphoreCalls;
import org.jvmipc.internal.registry.ObjectLock;
import org.jvmipc.internal.registry.Registry;
import org.jvmipc.internal.registry.RegistryRecord;
import org.jvmipc.process.ChildJvm;
import org.jvmipc.process.ParentJvm;
import org.jvmipc.shm.DamagedSegmentException;
import org.jvmipc.testkit.Await;
import org.jvmipc.testkit.ChildMain;
import org.jvmipc.testkit.ChildProgram;
import org.jvmipc.testkit.Children;
import org.jvmipc.testkit.Jvms;
import org.jvmipc.testkit.NoLeaks;
import org.jvmipc.testkit.Worker;

/** A named semaphore of the C library, with C and Python programs on the other side. */
@ExtendWith(NoLeaks.class)
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class PosixSemaphoreIT implements NoLeaks.WarmUp {
    private static final String SOURCE =
            """
            #include <fcntl.h>
            #include <semaphore.h>
            #include <stdlib.h>
            int main(int argc, char **argv) {
                sem_t *ping = sem_open(argv[1], 0), *pong = sem_open(argv[2], 0);
                if (ping == SEM_FAILED || pong == SEM_FAILED) return 1;
                for (int i = atoi(argv[3]); i > 0; i--) {
                    if (sem_wait(ping) != 0 || sem_post(pong) != 0) return 2;
                }
                return 0;
            }
            """;

    private static final String SCRIPT =
            """
            import ctypes, sys
            c = ctypes.CDLL(None, use_errno=True)
            c.sem_open.restype = ctypes.c_void_p
            ping, pong = (ctypes.c_void_p(c.sem_open(name.encode(), 0)) for name in sys.argv[1:3])
            assert ping.value and pong.value
            for i in range(int(sys.argv[3])):
                assert c.sem_wait(ping) == 0 and c.sem_post(pong) == 0
            """;

    private static final int ROUNDS = 500;

    @TempDir
    Path directory;

    private final String name = "/ipc-test-" + ProcessHandle.current().pid() + "-"
            + ThreadLocalRandom.current().nextInt(1_000_000);
    private final Address address = Address.of("posixsem", name);
    private final Address other = Address.of("posixsem", name + "-b");

    @Override
    public void warmUp() throws Exception {
        PosixSemaphore.create(address, 1).close();
        remove();
    }

    @AfterEach
    void remove() throws IOException {
        PosixSemaphore.remove(address);
        PosixSemaphore.remove(other);
    }

    @Test
    void countsPermits() throws Exception {
        try (PosixSemaphore semaphore = PosixSemaphore.create(address, 1);
                PosixSemaphore again = PosixSemaphore.open(address)) {
            semaphore.acquire();
            assertFalse(again.tryAcquire());
            assertFalse(again.tryAcquire(Duration.ofMillis(20)));
            semaphore.release();
            assertEquals(1, again.value());
            assertTrue(again.tryAcquire(Await.LONG));
        }
    }

    @Test
    void isMadeOnceWithItsModeAndRemoved() throws Exception {
        PosixSemaphore.create(address.with("mode", "0660"), 0).close();
        Path file = Path.of("/dev/shm/sem." + name.substring(1));
        assertEquals("rw-rw----", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        OsException there = assertThrows(OsException.class, () -> PosixSemaphore.create(address, 0));
        assertEquals(Errno.EEXIST, there.errno());
        PosixSemaphore.openOrCreate(address, 0).close();
        assertTrue(PosixSemaphore.remove(address));
        assertFalse(PosixSemaphore.remove(address));
        OsException none = assertThrows(OsException.class, () -> PosixSemaphore.open(address));
        assertEquals(Errno.ENOENT, none.errno());
        PosixSemaphore.openOrCreate(address, 3).close();
    }

    @Test
    void namesThatAreNoneAreRefused() {
        for (String bad : List.of("posixsem:/a/b", "posixsem:name", "posixsem:/" + "x".repeat(252))) {
            assertThrows(AddressException.class, () -> PosixSemaphore.create(Address.of(bad), 1), bad);
        }
        assertThrows(IllegalArgumentException.class, () -> PosixSemaphore.create(address, -1));
    }

    @Test
    void aFileThatIsTooShortIsRefused() throws IOException {
        Path file = Path.of("/dev/shm/sem." + name.substring(1));
        Files.write(file, new byte[5]);
        assertThrows(CorruptDataException.class, () -> PosixSemaphore.open(address));
    }

    @Test
    void theLargestValueIsALimit() throws Exception {
        try (PosixSemaphore semaphore = PosixSemaphore.create(address, Integer.MAX_VALUE)) {
            assertThrows(IllegalStateException.class, semaphore::release);
            assertEquals(Integer.MAX_VALUE, semaphore.value());
        }
    }

    @Test
    void closeAndInterruptGetWaitersOut() throws Exception {
        PosixSemaphore semaphore = PosixSemaphore.create(address, 0);
        try (Worker<Boolean> waiter = Worker.run(semaphore::acquire);
                Worker<Boolean> interrupted = Worker.run(semaphore::acquire)) {
            interrupted.interrupt();
            interrupted.failure(InterruptedException.class);
            semaphore.close();
            waiter.failure(ClosedSynchronizerException.class);
        }
        assertThrows(ClosedSynchronizerException.class, semaphore::tryAcquire);
        assertThrows(ClosedSynchronizerException.class, semaphore::release);
    }

    @Test
    void aCProgramDoesPAndVWithUs() throws Exception {
        Path source = directory.resolve("peer.c");
        Path program = directory.resolve("peer");
        Files.writeString(source, SOURCE);
        assumeTrue(succeeds("gcc", source.toString(), "-o", program.toString(), "-pthread"), "there is no gcc");
        playWith(program.toString());
    }

    @Test
    void aPythonProgramDoesPAndVWithUs() throws Exception {
        Path script = directory.resolve("peer.py");
        Files.writeString(script, SCRIPT);
        assumeTrue(succeeds("python3", "-c", "import ctypes"), "there is no python3 with ctypes");
        playWith("python3", script.toString());
    }

    private static boolean succeeds(String... command) throws InterruptedException {
        try {
            return new ProcessBuilder(command).start().waitFor() == 0;
        } catch (IOException e) {
            return false;
        }
    }

    /** Both directions: it waits for what we post, we wait for what it posts. */
    private void playWith(String... program) throws Exception {
        List<String> command = new ArrayList<>(List.of(program));
        command.addAll(List.of(name, name + "-b", Integer.toString(ROUNDS)));
        try (PosixSemaphore ping = PosixSemaphore.create(address, 0);
                PosixSemaphore pong = PosixSemaphore.create(other, 0)) {
            Process peer = new ProcessBuilder(command).redirectErrorStream(true).start();
            try {
                for (int i = 0; i < ROUNDS; i++) {
                    ping.release();
                    assertTrue(pong.tryAcquire(Await.LONG), () -> "nothing came back: " + output(peer));
                }
                assertEquals(0, peer.waitFor(), () -> output(peer));
                assertEquals(0, ping.value());
                assertEquals(0, pong.value());
            } finally {
                peer.destroyForcibly().waitFor();
            }
        }
    }

    private static String output(Process peer) {
        try {
            return new String(peer.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            return e.toString();
        }
    }

    /** Uses it until it is compiled, waits until its file is cut off, and uses it again. */
    static final class Uses implements ChildProgram {
        @Override
        public void run(ParentJvm parent, String[] arguments) throws Exception {
            try (PosixSemaphore semaphore = PosixSemaphore.open(Address.of(arguments[0]))) {
                for (int i = 0; i < Integer.parseInt(arguments[1]); i++) {
                    semaphore.acquire();
                    semaphore.release();
                }
                parent.ready();
                Path file = Path.of(arguments[2]);
                Await.until("cut off", () -> Files.size(file) == 0);
                assertThrows(DamagedSegmentException.class, semaphore::tryAcquire);
                assertThrows(DamagedSegmentException.class, semaphore::release);
            }
        }
    }

    static List<Arguments> uses() throws IOException {
        List<Arguments> uses = new ArrayList<>();
        for (Path home : Jvms.homes()) {
            uses.add(Arguments.of(home, 0));
            uses.add(Arguments.of(home, 100_000));
        }
        return uses;
    }

    @ParameterizedTest
    @MethodSource("uses")
    void aFileThatIsCutOffIsATypedErrorAndNotTheEndOfTheJvm(Path home, int before) throws Exception {
        Path file = Path.of("/dev/shm/sem." + name.substring(1));
        PosixSemaphore.create(address, 1).close();
        try (ChildJvm child = Children.start(
                ChildMain.launcher(Uses.class, address, before, file).javaHome(home))) {
            Files.write(file, new byte[0]);
            Children.assertExit(0, child);
        }
    }

    @Test
    void whatAKilledMakerBeganIsFinishedByWhoOpensIt() throws Exception {
        String path = "/dev/shm/sem." + name.substring(1);
        Registry registry = Registry.open();
        try (ObjectLock lock = registry.lock("posixsem", path)) {
            RegistryRecord begun = RegistryRecord.begin(
                    "posixsem", address.toString(), path, 32, Lifetime.KEPT, Map.of("mode", "640"));
            registry.put(lock, begun);
            SemaphoreCalls.close(SemaphoreCalls.open(name, Fcntl.O_CREAT | Fcntl.O_EXCL, 0600, 3));
        }
        try (PosixSemaphore semaphore = PosixSemaphore.open(address)) {
            assertEquals(3, semaphore.value());
        }
        assertEquals("rw-r-----", PosixFilePermissions.toString(Files.getPosixFilePermissions(Path.of(path))));
        assertEquals(List.of(), Ipc.scheme("posixsem").removeStale(false));
        assertTrue(Files.exists(Path.of(path)), "it is kept");
    }

    @Test
    void aThreadThatIsInterruptedOpensItAllTheSame() throws Exception {
        Thread.currentThread().interrupt();
        try (PosixSemaphore semaphore = PosixSemaphore.create(address, 1)) {
            assertTrue(Thread.interrupted(), "the interrupt is kept");
            assertEquals(1, semaphore.value());
        }
    }
}

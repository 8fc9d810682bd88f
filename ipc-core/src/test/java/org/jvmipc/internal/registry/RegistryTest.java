package org.jvmipc.internal.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.jvmipc.CorruptDataException;
import org.jvmipc.IpcException;
import org.jvmipc.Lifetime;
import org.jvmipc.internal.posix.ProcessCalls;
import org.jvmipc.testkit.NoLeaks;

@Timeout(60)
@ExtendWith(NoLeaks.class)
class RegistryTest implements NoLeaks.WarmUp {
    @TempDir
    Path temporary;

    private Path directory;
    private Registry registry;

    @BeforeEach
    void open() throws Exception {
        directory = temporary.resolve("registry");
        registry = Registry.at(directory);
    }

    private Path object(String name) {
        return temporary.resolve(name);
    }

    private RegistryRecord put(String scheme, String name) throws Exception {
        String path = object(name).toString();
        RegistryRecord record = RegistryRecord.begin(scheme, scheme + ":" + path, path, 1, Lifetime.KEPT, Map.of());
        return Fixtures.put(registry, record);
    }

    private Path fileOf(RegistryRecord record) {
        return directory.resolve(ObjectKey.of(record).fileName());
    }

    private List<String> files() throws Exception {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    // ---- one record

    /** The first channel of a socket makes the JDK keep one of its own. */
    @Override
    public void warmUp() throws Exception {
        ServerSocketChannel.open(StandardProtocolFamily.UNIX).close();
    }

    @Test
    void findsWhatWasPut() throws Exception {
        RegistryRecord record = Fixtures.put(registry, Fixtures.begun(object("\u00fc x"), Lifetime.OWNED));
        assertEquals(record, registry.find("fifo", record.path()));
        assertEquals(record, Registry.at(directory).find("fifo", record.path()));
        assertNull(registry.find("fifo", object("y").toString()));
        assertNull(registry.find("segment", record.path()));
    }

    @Test
    void putReplaces() throws Exception {
        RegistryRecord half = Fixtures.put(registry, Fixtures.begun(object("x"), Lifetime.OWNED));
        assertFalse(half.isMade());
        RegistryRecord made = Fixtures.put(registry, half.made(Fixtures.makeFifo(object("x"))));
        assertTrue(made.isMade());
        assertEquals(made, registry.find("fifo", made.path()));
        assertEquals(List.of(".lock", ObjectKey.of(made).fileName()), files());
    }

    @Test
    void deletes() throws Exception {
        RegistryRecord record = put("fifo", "x");
        try (ObjectLock lock = registry.lock("fifo", record.path())) {
            assertTrue(registry.delete(lock));
            assertFalse(registry.delete(lock));
        }
        assertNull(registry.find("fifo", record.path()));
        assertEquals(List.of(".lock"), files());
    }

    @Test
    void recordsAreOfTheirOwnerAlone() throws Exception {
        Path file = fileOf(put("fifo", "x"));
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(directory)));
    }

    @Test
    void aLockIsForItsObjectAndRegistryOnlyAndAsLongAsItIsHeld() throws Exception {
        RegistryRecord record = Fixtures.begun(object("x"), Lifetime.KEPT);
        Registry other = Registry.at(temporary.resolve("other"));
        ObjectLock closed = registry.lock("fifo", record.path());
        closed.close();
        closed.close();
        assertThrows(IllegalStateException.class, () -> registry.put(closed, record));
        assertThrows(IllegalStateException.class, () -> registry.delete(closed));
        assertThrows(IllegalStateException.class, () -> registry.removeIfStale(closed, Fixtures.FIFOS));
        try (ObjectLock lock = registry.lock("fifo", object("y").toString())) {
            assertThrows(IllegalArgumentException.class, () -> registry.put(lock, record));
            assertThrows(IllegalStateException.class, () -> other.delete(lock));
        }
        assertEquals(List.of(), registry.list());
    }

    @Test
    void namesAreChecked() {
        for (String scheme : new String[] {"", "Fifo", "a-b", "1x", "../x"}) {
            assertThrows(IllegalArgumentException.class, () -> registry.find(scheme, "/x"), scheme);
            assertThrows(IllegalArgumentException.class, () -> registry.lock(scheme, "/x"), scheme);
            assertThrows(IllegalArgumentException.class, () -> registry.list(scheme), scheme);
        }
        for (String path : new String[] {"", "x", "/", "/x/", "/x\0"}) {
            assertThrows(IllegalArgumentException.class, () -> registry.find("fifo", path), path);
            assertThrows(IllegalArgumentException.class, () -> registry.tryLock("fifo", path), path);
        }
    }

    // ---- all records

    @Test
    void listsBySchemeAndPath() throws Exception {
        RegistryRecord second = put("fifo", "b");
        RegistryRecord third = put("fifox", "a");
        RegistryRecord first = put("fifo", "a");
        assertEquals(List.of(first, second, third), registry.list());
        assertEquals(List.of(first, second), registry.list("fifo"));
        assertEquals(List.of(), registry.list("segment"));
        assertEquals(List.of(), registry.problems());
    }

    @Test
    void whatIsNoRecordIsNotListed() throws Exception {
        RegistryRecord record = put("fifo", "a");
        Files.writeString(directory.resolve("README"), "x");
        Files.writeString(directory.resolve("fifo-12.rec"), "x");
        Files.writeString(directory.resolve(ObjectKey.of(record).fileName() + "~"), "x");
        assertEquals(List.of(record), registry.list());
        assertEquals(List.of(), registry.problems());
    }

    private void expectProblem(RegistryRecord record, String why) throws Exception {
        CorruptDataException error =
                assertThrows(CorruptDataException.class, () -> registry.find(record.scheme(), record.path()), why);
        assertTrue(error.getMessage().contains(why), error.getMessage());
        assertTrue(error.getMessage().contains(fileOf(record).toString()), error.getMessage());
        assertEquals(List.of(error.getMessage()), registry.problems());
        assertEquals(1, registry.list().size());
        registry.removeStale("fifo", Fixtures.FIFOS, false);
        assertTrue(Files.exists(fileOf(record), LinkOption.NOFOLLOW_LINKS), "it was removed");
    }

    @Test
    void damagedRecordsAreProblemsAndDoNotHideTheOthers() throws Exception {
        RegistryRecord good = put("fifo", "good");
        Fixtures.makeFifo(object("good"));
        RegistryRecord bad = put("fifo", "bad");
        byte[] image = Files.readAllBytes(fileOf(bad));

        image[20] ^= 1;
        Files.write(fileOf(bad), image);
        expectProblem(bad, "checksum");
        Files.write(fileOf(bad), new byte[0]);
        expectProblem(bad, "it has 0 bytes");
        Files.write(fileOf(bad), new byte[RegistryLayout.MAX_BYTES + 1]);
        expectProblem(bad, "65537 bytes");
        Files.copy(fileOf(good), fileOf(bad), StandardCopyOption.REPLACE_EXISTING);
        expectProblem(bad, "name of another one");

        try (ObjectLock lock = registry.lock("fifo", bad.path())) {
            registry.put(lock, bad); // mends it
            assertEquals(bad, registry.find("fifo", bad.path()));
            Files.write(fileOf(bad), new byte[1]);
            assertTrue(registry.delete(lock)); // forgets it
        }
        assertEquals(List.of(), registry.problems());
    }

    @Test
    void whatIsNoRegularFileIsAProblem() throws Exception {
        RegistryRecord good = put("fifo", "good");
        Fixtures.makeFifo(object("good"));
        RegistryRecord bad = put("fifo", "bad");
        Path file = fileOf(bad);

        Files.delete(file);
        Files.createSymbolicLink(file, fileOf(good));
        expectProblem(bad, "symbolic link");
        Files.delete(file);
        Fixtures.makeFifo(file); // opening it would wait for a writer
        expectProblem(bad, "pipe");
        Files.delete(file);
        Files.createDirectory(file);
        expectProblem(bad, "directory");
        Files.delete(file);
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(file));
            expectProblem(bad, "socket");
        }
    }

    @Test
    void aForeignRecordIsAProblem() throws Exception {
        assumeTrue(ProcessCalls.effectiveUser() == 0, "only root can make one");
        put("fifo", "good");
        Fixtures.makeFifo(object("good"));
        RegistryRecord bad = put("fifo", "bad");
        Files.setAttribute(fileOf(bad), "unix:uid", 12345);
        expectProblem(bad, "belongs to user 12345");
    }

    @Test
    void aPlantedLinkIsReplacedAndNotFollowed() throws Exception {
        RegistryRecord record = Fixtures.begun(object("x"), Lifetime.KEPT);
        Path target = Files.writeString(temporary.resolve("target"), "precious");
        Files.createSymbolicLink(fileOf(record), target);
        Fixtures.put(registry, record);
        assertEquals(record, registry.find("fifo", record.path()));
        assertEquals("precious", Files.readString(target));
    }

    @Test
    void aFailedPutLeavesNothing() throws Exception {
        RegistryRecord record = Fixtures.begun(object("x"), Lifetime.KEPT);
        Files.createDirectories(fileOf(record).resolve("full")); // nothing can be renamed onto it
        assertThrows(IpcException.class, () -> Fixtures.put(registry, record));
        assertEquals(List.of(".lock", ObjectKey.of(record).fileName()), files());
    }

    // ---- what killed writers leave

    @Test
    void unfinishedRecordsOfTheDeadAreRemoved() throws Exception {
        Path ofDead = Files.writeString(directory.resolve(".new-1f-" + Fixtures.DEAD), "");
        Path link = Files.createSymbolicLink(directory.resolve(".new-2f-" + Fixtures.DEAD), temporary);
        Path ofLiving = Files.writeString(directory.resolve(".new-1f-" + Fixtures.SELF), "");
        Path ofUnseen = Files.writeString(directory.resolve(".new-1f-" + Fixtures.ofAnotherNamespace()), "");
        Path ofNobody = Files.writeString(directory.resolve(".new-x"), "");
        registry.removeStale("fifo", Fixtures.FIFOS, true);
        assertTrue(Files.exists(ofDead), "a dry run touches nothing");
        registry.removeStale("fifo", Fixtures.FIFOS, false);
        assertFalse(Files.exists(ofDead));
        assertFalse(Files.exists(link, LinkOption.NOFOLLOW_LINKS));
        assertTrue(Files.exists(temporary));
        assertTrue(Files.exists(ofLiving) && Files.exists(ofUnseen) && Files.exists(ofNobody));
    }

    @Test
    void oneThatCannotBeRemovedIsNoReasonToHideWhatWasDone() throws Exception {
        Files.createDirectory(directory.resolve(".new-1f-" + Fixtures.DEAD));
        Path ofDead = Files.writeString(directory.resolve(".new-2f-" + Fixtures.DEAD), "");
        Fixtures.create(registry, object("x"), Lifetime.OWNED, Fixtures.DEAD);
        assertEquals(
                1, registry.removeStale("fifo", Fixtures.FIFOS, false).removed().size());
        assertFalse(Files.exists(ofDead));
    }
}

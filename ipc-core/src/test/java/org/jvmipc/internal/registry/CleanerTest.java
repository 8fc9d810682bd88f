package org.jvmipc.internal.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.jvmipc.IpcException;
import org.jvmipc.Lifetime;
import org.jvmipc.internal.posix.Fcntl;
import org.jvmipc.internal.posix.Fd;
import org.jvmipc.internal.posix.FileCalls;
import org.jvmipc.internal.posix.FileStatus;
import org.jvmipc.internal.posix.OsCalls;
import org.jvmipc.internal.posix.ProcessCalls;
import org.jvmipc.internal.registry.CleanUp.Outcome;
import org.jvmipc.process.ProcessIdentity;
import org.jvmipc.testkit.Await;
import org.jvmipc.testkit.NoLeaks;

@Timeout(60)
@ExtendWith(NoLeaks.class)
class CleanerTest {
    @TempDir
    Path temporary;

    private Registry registry;
    private Path path;

    @BeforeEach
    void open() throws Exception {
        registry = Registry.at(temporary.resolve("registry"));
        path = temporary.resolve("x");
    }

    private RegistryRecord stale() throws Exception {
        return Fixtures.create(registry, path, Lifetime.OWNED, Fixtures.DEAD);
    }

    /** What becomes of the only record; a dry run says the same beforehand. */
    private void expect(Outcome outcome, String reason) throws Exception {
        List<CleanUp.Entry> told =
                registry.removeStale("fifo", Fixtures.FIFOS, true).entries();
        assertEquals(1, registry.list().size(), "a dry run touches nothing");
        List<CleanUp.Entry> done =
                registry.removeStale("fifo", Fixtures.FIFOS, false).entries();
        assertEquals(told, done);
        assertEquals(1, done.size());
        assertEquals(outcome, done.get(0).outcome(), done::toString);
        assertTrue(done.get(0).reason().contains(reason), done::toString);
        assertEquals(outcome == Outcome.SKIPPED ? 1 : 0, registry.list().size());
    }

    private boolean exists() {
        return Files.exists(path, LinkOption.NOFOLLOW_LINKS);
    }

    // ---- the owner is dead

    @Test
    void removesWhatTheDeadOwned() throws Exception {
        stale();
        expect(Outcome.REMOVED, "its owner, process " + Fixtures.DEAD.pid() + ", is dead");
        assertFalse(exists());
        assertEquals(
                List.of(), registry.removeStale("fifo", Fixtures.FIFOS, false).entries());
    }

    @Test
    void aDryRunTouchesNothing() throws Exception {
        RegistryRecord record = stale();
        CleanUp told = registry.removeStale("fifo", Fixtures.FIFOS, true);
        assertEquals(List.of(record), told.removed());
        assertEquals(List.of(), told.forgotten());
        assertEquals(List.of(), told.skipped());
        assertTrue(exists());
        assertEquals(List.of(record), registry.list());
    }

    @Test
    void leavesWhatIsInOrder() throws Exception {
        Fixtures.create(registry, path, Lifetime.OWNED, Fixtures.SELF);
        Fixtures.create(registry, temporary.resolve("kept"), Lifetime.KEPT, Fixtures.DEAD);
        Fixtures.create(registry, temporary.resolve("unseen"), Lifetime.OWNED, Fixtures.ofAnotherNamespace());
        Fixtures.put(registry, Fixtures.begun(temporary.resolve("begun"), Lifetime.OWNED));
        assertEquals(
                List.of(), registry.removeStale("fifo", Fixtures.FIFOS, false).entries());
        assertEquals(4, registry.list().size());
        assertTrue(exists());
    }

    @Test
    void leavesOtherSchemes() throws Exception {
        stale();
        assertEquals(
                List.of(),
                registry.removeStale("segment", Fixtures.FIFOS, false).entries());
        assertTrue(exists());
    }

    @Test
    void removesWhatTheOneBeforeRemovedHalfway() throws Exception {
        stale();
        Files.delete(path); // and then it was killed
        expect(Outcome.FORGOTTEN, "the object is gone");
    }

    // ---- what is not the object

    @Test
    void neverTouchesAnotherFileAtTheSamePath() throws Exception {
        stale();
        Files.move(path, temporary.resolve("elsewhere")); // so that the number is not given again
        Fixtures.makeFifo(path);
        expect(Outcome.FORGOTTEN, "another file has the object's place");
        assertTrue(exists());
        assertTrue(Files.exists(temporary.resolve("elsewhere")));
    }

    @Test
    void neverFollowsALink() throws Exception {
        stale();
        Path elsewhere = Files.move(path, temporary.resolve("elsewhere"));
        Files.createSymbolicLink(path, elsewhere);
        expect(Outcome.FORGOTTEN, "another file has the object's place");
        assertTrue(exists() && Files.exists(elsewhere));
    }

    @Test
    void neverTouchesAFileOfAnotherType() throws Exception {
        Files.writeString(path, "precious");
        RegistryRecord record = Fixtures.with(Fixtures.begun(path, Lifetime.OWNED), Fixtures.DEAD);
        Fixtures.put(registry, record.made(OsCalls.linkStatus(path.toString())));
        expect(Outcome.SKIPPED, "a regular file");
        assertTrue(exists());
    }

    @Test
    void neverTouchesAFileOfMoreNames() throws Exception {
        stale();
        Files.createLink(temporary.resolve("second"), path);
        expect(Outcome.SKIPPED, "it has 2 names");
        assertTrue(exists());
    }

    @Test
    void neverTouchesAForeignFile() throws Exception {
        assumeTrue(ProcessCalls.effectiveUser() == 0, "only root can make one");
        stale();
        Files.setAttribute(path, "unix:uid", 12345);
        expect(Outcome.SKIPPED, "belongs to user 12345");
        assertTrue(exists());
    }

    @Test
    void unlinksThatVeryFileOnly() throws Exception {
        Fixtures.makeFifo(path);
        FileStatus first = OsCalls.linkStatus(path.toString());
        Files.move(path, temporary.resolve("elsewhere")); // so that the number is not given again
        try (ObjectLock lock = registry.lock("fifo", path.toString())) {
            assertFalse(registry.unlink(lock, first));
            Fixtures.makeFifo(path);
            assertFalse(registry.unlink(lock, first));
            assertTrue(exists());
            assertTrue(registry.unlink(lock, OsCalls.linkStatus(path.toString())));
        }
        assertFalse(exists());
    }

    // ---- what is in use

    private Fd openObject(int flags) throws Exception {
        return OsCalls.open(path.toString(), flags, 0);
    }

    @Test
    void neverTouchesWhatThisProcessHasOpen() throws Exception {
        stale();
        try (Fd reading = openObject(Fcntl.O_RDONLY | Fcntl.O_NONBLOCK)) {
            assertTrue(reading.isOpen());
            expect(Outcome.SKIPPED, "in use by process " + Fixtures.SELF.pid() + "; its owner");
        }
        try (Fd both = openObject(Fcntl.O_RDWR)) {
            assertTrue(both.isOpen());
            expect(Outcome.SKIPPED, "in use by");
        }
        try (Fd named = FileCalls.name(path.toString())) { // this is no use of it
            assertTrue(named.isOpen());
            expect(Outcome.REMOVED, "is dead");
        }
    }

    @Test
    void neverTouchesWhatAnotherProcessHasOpen() throws Exception {
        stale();
        Process reader = new ProcessBuilder("sh", "-c", "exec sleep 30 <>\"$1\"", "sh", path.toString()).start();
        try {
            Path fd = Path.of("/proc/" + reader.pid() + "/fd/0");
            Await.until("it is open", () -> Files.isSameFile(fd, path));
            expect(Outcome.SKIPPED, "in use by process " + reader.pid());
        } finally {
            reader.destroyForcibly().waitFor();
        }
        expect(Outcome.REMOVED, "is dead");
    }

    @Test
    void anInterruptDoesNotHideWhoHasItOpen() throws Exception {
        stale();
        try (Fd reading = openObject(Fcntl.O_RDONLY | Fcntl.O_NONBLOCK)) {
            assertTrue(reading.isOpen());
            Thread.currentThread().interrupt();
            CleanUp done = registry.removeStale("fifo", Fixtures.FIFOS, false);
            assertTrue(Thread.interrupted(), "the interrupt is kept");
            assertEquals(1, done.skipped().size(), done::toString);
        }
        assertTrue(exists());
    }

    @Test
    void whatSomebodyIsBusyWithIsSkipped() throws Exception {
        stale();
        try (ObjectLock lock = registry.lock("fifo", path.toString())) {
            assertNotNull(lock);
            CleanUp done = registry.removeStale("fifo", Fixtures.FIFOS, false);
            assertEquals(
                    "another process is busy with it", done.skipped().get(0).reason());
            assertTrue(exists());
        }
        expect(Outcome.REMOVED, "is dead");
    }

    @Test
    void oneThatFailsDoesNotKeepTheOthers() throws Exception {
        stale();
        RegistryRecord other = Fixtures.create(registry, temporary.resolve("y"), Lifetime.OWNED, Fixtures.DEAD);
        CleanUp done = registry.removeStale(
                "fifo",
                new ObjectRemover() {
                    @Override
                    public int fileType() {
                        return Fixtures.FIFOS.fileType();
                    }

                    @Override
                    public List<OpenFiles.Holder> holders(RegistryRecord record, FileStatus object) throws IOException {
                        if (record.path().endsWith("x")) {
                            throw new IpcException("no answer");
                        }
                        return List.of();
                    }
                },
                false);
        assertEquals(List.of(other), done.removed());
        assertEquals("no answer", done.skipped().get(0).reason());
        assertTrue(exists());
    }

    // ---- the creator was killed

    @Test
    void removesWhatADeadCreatorHadMade() throws Exception {
        Fixtures.createHalf(registry, path, Fixtures.DEAD);
        expect(Outcome.REMOVED, "process " + Fixtures.DEAD.pid());
        assertFalse(exists());
    }

    @Test
    void forgetsWhatADeadCreatorHadNotMade() throws Exception {
        Fixtures.put(registry, Fixtures.with(Fixtures.begun(path, Lifetime.KEPT), Fixtures.DEAD));
        expect(Outcome.FORGOTTEN, "before it had made it");
    }

    @Test
    void whatWasThereBeforeIsNotTheDeadCreators() throws Exception {
        Fixtures.makeFifo(path);
        long before = OsCalls.linkStatus(path.toString()).birthNanos();
        Path probe = temporary.resolve("probe");
        Await.until("the clock of the files has gone on", () -> {
            Files.deleteIfExists(probe);
            Files.writeString(probe, "");
            return OsCalls.linkStatus(probe.toString()).birthNanos() - before > 50_000_000;
        });
        Fixtures.put(registry, Fixtures.with(Fixtures.begun(path, Lifetime.KEPT), Fixtures.DEAD));
        expect(Outcome.FORGOTTEN, "what is there is not its");
        assertTrue(exists());
    }

    @Test
    void noFileOfAnotherTypeIsTheDeadCreators() throws Exception {
        Fixtures.put(registry, Fixtures.with(Fixtures.begun(path, Lifetime.KEPT), Fixtures.DEAD));
        Files.writeString(path, "precious");
        expect(Outcome.FORGOTTEN, "what is there is not its");
        assertTrue(exists());
    }

    @Test
    void neverTouchesAHalfMadeOneThatSomebodyHasOpen() throws Exception {
        Fixtures.createHalf(registry, path, Fixtures.DEAD);
        try (Fd reading = openObject(Fcntl.O_RDONLY | Fcntl.O_NONBLOCK)) {
            assertTrue(reading.isOpen());
            expect(Outcome.SKIPPED, "in use by");
        }
        assertTrue(exists());
    }

    // ---- before it is created anew

    private CleanUp.Entry removeIfStale() throws Exception {
        try (ObjectLock lock = registry.lock("fifo", path.toString())) {
            return registry.removeIfStale(lock, Fixtures.FIFOS);
        }
    }

    @Test
    void removesTheOneThatIsLocked() throws Exception {
        assertNull(removeIfStale());
        Fixtures.create(registry, path, Lifetime.KEPT, Fixtures.DEAD);
        assertNull(removeIfStale());
        Files.delete(path);
        assertEquals(Outcome.FORGOTTEN, removeIfStale().outcome());
        stale();
        assertEquals(Outcome.REMOVED, removeIfStale().outcome());
        assertFalse(exists());
        assertEquals(List.of(), registry.list());
    }

    /** Whoever made it held the lock as long as it did; that one need not be seen to be known to have stopped. */
    @Test
    void theLockProvesThatNobodyIsMakingIt() throws Exception {
        for (ProcessIdentity creator : List.of(Fixtures.SELF, Fixtures.DEAD, Fixtures.ofAnotherNamespace())) {
            Fixtures.createHalf(registry, path, creator);
            assertEquals(Outcome.REMOVED, removeIfStale().outcome(), creator::toString);
            assertFalse(exists());
            assertEquals(List.of(), registry.list());
        }
    }

    @Test
    void whoTakesOverFromTheDeadIsTheOwner() throws Exception {
        RegistryRecord record = stale();
        try (ObjectLock lock = registry.lock("fifo", path.toString())) {
            assertEquals(Staleness.OWNER_DEAD, registry.staleness(record));
            registry.put(lock, Fixtures.with(record, ProcessIdentity.self()));
        }
        assertEquals(
                List.of(), registry.removeStale("fifo", Fixtures.FIFOS, false).entries());
        assertTrue(exists());
    }
}

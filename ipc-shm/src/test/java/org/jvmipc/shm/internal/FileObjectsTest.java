package org.jvmipc.shm.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.jvmipc.IpcException;
import org.jvmipc.Lifetime;
import org.jvmipc.OsException;
import org.jvmipc.internal.posix.Errno;
import org.jvmipc.internal.posix.Fcntl;
import org.jvmipc.internal.posix.Fd;
import org.jvmipc.internal.posix.FileCalls;
import org.jvmipc.internal.posix.FileStatus;
import org.jvmipc.internal.posix.LockCalls;
import org.jvmipc.internal.posix.OsCalls;
import org.jvmipc.internal.registry.ObjectFile;
import org.jvmipc.internal.registry.ObjectLock;
import org.jvmipc.internal.registry.ObjectRemover;
import org.jvmipc.internal.registry.OpenFiles;
import org.jvmipc.internal.registry.Registry;
import org.jvmipc.internal.registry.RegistryRecord;
import org.jvmipc.process.ProcessIdentity;
import org.jvmipc.spi.Removal;
import org.jvmipc.testkit.FaultWalk;
import org.jvmipc.testkit.NoLeaks;

/** Files with records: no name before they are whole, nothing left where it goes wrong. */
@ExtendWith(NoLeaks.class)
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FileObjectsTest {
    private static final String SCHEME = "testfile";
    private static final FileObjects FILES = new FileObjects(SCHEME, ".tf", "test file", () -> FileStatus.REGULAR);
    private static final FileObjects GUARDED = new FileObjects(SCHEME, ".tf", "test file", new Guarded());
    private static final long SIZE = 10_000;
    private static final FileObjects.Filler NOTHING = file -> {};

    @TempDir
    Path directory;

    /** Nobody opens it while it is removed: a lock on its first byte. */
    private static final class Guarded implements ObjectRemover {
        @Override
        public int fileType() {
            return FileStatus.REGULAR;
        }

        @Override
        public @Nullable Exclusion exclude(String path, FileStatus object) throws IOException {
            Fd fd = OsCalls.open(path, Fcntl.O_RDWR, 0);
            if (LockCalls.tryLock(fd, 0, 1, true)) {
                return fd::close;
            }
            fd.close();
            return null;
        }

        @Override
        public List<OpenFiles.Holder> holders(RegistryRecord record, FileStatus object) {
            return List.of();
        }
    }

    private String path() {
        return directory.resolve("f").toString();
    }

    private static Creation creation(Lifetime lifetime) {
        return new Creation(SIZE, 0640, lifetime, ProcessIdentity.self(), Map.of("mode", "0640"));
    }

    private static ProcessIdentity theDead() {
        ProcessIdentity self = ProcessIdentity.self();
        return new ProcessIdentity(self.pid(), self.startTime() + 1, self.bootId(), self.pidNamespace());
    }

    private List<String> names() throws IOException {
        try (var files = Files.list(directory)) {
            return files.map(file -> String.valueOf(file.getFileName()))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void theNameAppearsWhenTheFileIsWhole() throws Exception {
        try (Fd file = FILES.create(path(), creation(Lifetime.KEPT), fd -> {
            assertEquals(List.of(), names(), "before it is filled");
            try (FileChannel channel =
                    FileChannel.open(Path.of("/proc/self/fd/" + fd.number()), StandardOpenOption.WRITE)) {
                channel.write(java.nio.ByteBuffer.wrap(new byte[] {42}));
            }
        })) {
            assertEquals(SIZE, OsCalls.status(file.number()).sizeBytes());
            assertEquals(42, Files.readAllBytes(Path.of(path()))[0]);
            assertEquals("rw-r-----", PosixFilePermissions.toString(Files.getPosixFilePermissions(Path.of(path()))));
            RegistryRecord record = FILES.record(path(), OsCalls.status(file.number()));
            assertNotNull(record);
            assertEquals(Map.of("mode", "0640"), record.settings());
            assertEquals(SIZE, record.sizeBytes());
        }
        assertTrue(FILES.remove(path(), ObjectFile.SELF));
        assertFalse(FILES.remove(path(), ObjectFile.SELF));
        assertNull(Registry.open().find(SCHEME, path()));
    }

    @Test
    void whatIsAtThePathIsNotReplaced() throws Exception {
        Files.writeString(Path.of(path()), "mine");
        OsException e = assertThrows(OsException.class, () -> FILES.create(path(), creation(Lifetime.KEPT), NOTHING));
        assertEquals(Errno.EEXIST, e.errno());
        assertEquals("mine", Files.readString(Path.of(path())));
        assertNull(Registry.open().find(SCHEME, path()));
    }

    @Test
    void whatComesToThePathMeanwhileIsNotReplaced() throws Exception {
        OsException e = assertThrows(
                OsException.class,
                () -> FILES.create(path(), creation(Lifetime.KEPT), fd -> Files.writeString(Path.of(path()), "mine")));
        assertEquals(Errno.EEXIST, e.errno());
        assertEquals("mine", Files.readString(Path.of(path())));
        assertNull(Registry.open().find(SCHEME, path()));
    }

    @Test
    void aFillerThatFailsLeavesNothing() throws Exception {
        assertThrows(
                IpcException.class,
                () -> FILES.create(path(), creation(Lifetime.KEPT), fd -> {
                    throw new IpcException("no");
                }));
        assertEquals(List.of(), names());
        assertNull(Registry.open().find(SCHEME, path()));
    }

    /** Who had kept the descriptor would unlock something in whatever file has got its number since. */
    @Test
    void whoKeepsTheDescriptorOfAFileWithoutANameLetsGoOfItBeforeItIsClosed() {
        List<Boolean> openAtTheEnd = new ArrayList<>();
        FileObjects.Filler keeper = new FileObjects.Filler() {
            private @Nullable Fd kept;

            @Override
            public void fill(Fd file) throws IOException {
                kept = file;
                Files.writeString(Path.of(path()), "another one was faster");
            }

            @Override
            public void giveUp() {
                openAtTheEnd.add(kept != null && kept.isOpen());
            }
        };
        OsException e = assertThrows(OsException.class, () -> FILES.create(path(), creation(Lifetime.KEPT), keeper));
        assertEquals(Errno.EEXIST, e.errno());
        assertEquals(List.of(true), openAtTheEnd);
    }

    @Test
    void aRecordWithoutItsFileIsReplacedAndAForeignFileIsNotTakenForIt() throws Exception {
        FILES.create(path(), creation(Lifetime.OWNED), NOTHING).close();
        Files.delete(Path.of(path()));
        Files.writeString(Path.of(path()), "mine");
        assertEquals(
                List.of(Removal.Outcome.FORGOTTEN),
                FILES.survey().removeStale(false).stream().map(Removal::outcome).toList());
        assertEquals("mine", Files.readString(Path.of(path())));
        Files.delete(Path.of(path()));
        FILES.create(path(), creation(Lifetime.KEPT), NOTHING).close();
        FILES.remove(path(), ObjectFile.SELF);
    }

    @Test
    void openOrCreateTakesOverFromTheDead() throws Exception {
        Creation dead = new Creation(SIZE, 0600, Lifetime.OWNED, theDead(), Map.of());
        FILES.create(path(), dead, NOTHING).close();
        try (Fd file = FILES.openOrCreate(path(), creation(Lifetime.OWNED), NOTHING)) {
            RegistryRecord record = FILES.record(path(), OsCalls.status(file.number()));
            assertNotNull(record);
            assertEquals(ProcessIdentity.self(), record.owner());
        }
        assertEquals(List.of(), FILES.survey().removeStale(false));
        FILES.remove(path(), ObjectFile.SELF);
        FILES.openOrCreate(path(), creation(Lifetime.KEPT), NOTHING).close();
        FILES.remove(path(), ObjectFile.SELF);
    }

    @Test
    void whatIsLeftOverGoesUnlessSomebodyIsOpeningIt() throws Exception {
        Creation dead = new Creation(SIZE, 0600, Lifetime.OWNED, theDead(), Map.of());
        try (Fd file = GUARDED.create(path(), dead, fd -> LockCalls.tryLock(fd, 0, 1, false))) {
            assertEquals(
                    Removal.Outcome.SKIPPED,
                    GUARDED.survey().removeStale(false).get(0).outcome());
            IpcException e = assertThrows(IpcException.class, () -> GUARDED.remove(path(), ObjectFile.SELF));
            assertTrue(String.valueOf(e.getMessage()).contains("has been opening it"), e::toString);
            assertTrue(file.isOpen());
        }
        assertEquals(
                Removal.Outcome.REMOVED,
                GUARDED.survey().removeStale(true).get(0).outcome());
        assertEquals(List.of("f"), names());
        assertEquals(
                Removal.Outcome.REMOVED,
                GUARDED.survey().removeStale(false).get(0).outcome());
        assertEquals(List.of(), names());
    }

    @Test
    void theHiddenNameOfAKilledCreatorIsNobodysTrouble() throws Exception {
        FILES.create(path(), creation(Lifetime.KEPT), NOTHING).close();
        Path hidden = directory.resolve(".f.ipc-unfinished");
        Files.createLink(hidden, Path.of(path())); // killed between the two names
        FILES.open(path(), ObjectFile.SELF, Fcntl.O_RDWR).close();
        assertEquals(List.of("f"), names());
        FILES.remove(path(), ObjectFile.SELF);
        Files.createFile(hidden); // killed before the second one
        try (ObjectLock lock = Registry.open().lock(SCHEME, path());
                NewFile file = NewFile.beside(lock.path())) {
            assertEquals(List.of(".f.ipc-unfinished"), names());
            file.publish().close();
            assertEquals(List.of("f"), names());
        }
        FileCalls.unlink(path());
        try (NewFile file = NewFile.beside(path())) {
            assertTrue(file.fd().isOpen());
        }
        assertEquals(List.of(), names());
    }

    @Test
    void noFailureLeavesAnything() throws Exception {
        FILES.create(path(), creation(Lifetime.KEPT), NOTHING).close();
        FILES.remove(path(), ObjectFile.SELF);
        new FaultWalk().watching(directory).walk(round -> {
            try (Fd file = round.call(() -> FILES.create(path(), creation(Lifetime.OWNED), NOTHING))) {
                assertNotNull(FILES.record(path(), OsCalls.status(file.number())));
            }
            round.run(() -> FILES.openOrCreate(path(), creation(Lifetime.OWNED), NOTHING)
                    .close());
            round.run(() -> FILES.remove(path(), ObjectFile.SELF));
            assertNull(Registry.open().find(SCHEME, path()));
        });
    }
}

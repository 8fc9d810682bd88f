package org.jvmipc.pipes;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.jvmipc.Codecs;
import org.jvmipc.Framing;
import org.jvmipc.Ipc;
import org.jvmipc.Lifetime;
import org.jvmipc.OsException;
import org.jvmipc.Receiver;
import org.jvmipc.Sender;
import org.jvmipc.internal.posix.Errno;
import org.jvmipc.internal.posix.FileCalls;
import org.jvmipc.internal.posix.OsCalls;
import org.jvmipc.internal.posix.ProcessCalls;
import org.jvmipc.internal.registry.ObjectLock;
import org.jvmipc.internal.registry.Registry;
import org.jvmipc.testkit.Await;
import org.jvmipc.testkit.NoLeaks;

/** Names: creating, opening, refusing and removing. */
@ExtendWith(NoLeaks.class)
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FifoTest implements NoLeaks.WarmUp {
    private static final int NOBODY = 65_534;

    @TempDir
    Path directory;

    private Path path() {
        return directory.resolve("f");
    }

    private static String modeOf(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path, LinkOption.NOFOLLOW_LINKS));
    }

    /** The first channel of a socket makes the JDK keep one of its own. */
    @Override
    public void warmUp() throws Exception {
        ServerSocketChannel.open(StandardProtocolFamily.UNIX).close();
    }

    @Test
    void createMakesAFifoOfThisUserAlone() throws Exception {
        Fifo fifo = Fifo.create(path());
        assertEquals("rw-------", modeOf(path()));
        assertTrue(Fifo.exists(path()));
        assertEquals("fifo:" + path(), fifo.address().toString());
        assertEquals(path(), fifo.path());
        assertTrue(Fifo.remove(path()));
        assertFalse(Fifo.exists(path()));
        assertFalse(Fifo.remove(path()));
    }

    @Test
    void theModeIsWhatWasAskedForWhateverTheUmaskIs() throws Exception {
        Fifo.create(path(), FifoOptions.defaults().withMode(0666));
        assertEquals("rw-rw-rw-", modeOf(path()));
        Fifo.remove(path());
    }

    @Test
    void createWhereAFifoIsSaysSoAndLeavesIt() throws Exception {
        Fifo.create(path(), FifoOptions.defaults().withMaxMessage(1234));
        OsException e = assertThrows(OsException.class, () -> Fifo.create(path()));
        assertEquals(Errno.EEXIST, e.errno());
        assertEquals("mkfifo failed: File exists (EEXIST) path=" + path(), e.getMessage());
        assertEquals(1234, Fifo.open(path()).options().maxMessageBytes());
        Fifo.remove(path());
    }

    @Test
    void openWhereNothingIsSaysSo() {
        OsException e = assertThrows(OsException.class, () -> Fifo.open(path()));
        assertEquals(Errno.ENOENT, e.errno());
        assertTrue(e.getMessage().contains(path().toString()), e.getMessage());
        OsException lost = assertThrows(OsException.class, () -> Fifo.create(directory.resolve("no/f")));
        assertEquals(Errno.ENOENT, lost.errno());
    }

    @Test
    void whatWasSettledAtCreationIsReadByWhoOpensIt() throws Exception {
        FifoOptions options = FifoOptions.defaults()
                .withFraming(Framing.LINE)
                .withSharing(FifoSharing.ONE_SENDER)
                .withCapacity(4096)
                .withMaxMessage(77)
                .withMode(0640)
                .withLifetime(Lifetime.OWNED);
        Fifo.create(path(), options);
        assertEquals(options, Fifo.open(path()).options());
        assertEquals(options, Fifo.openOrCreate(path(), FifoOptions.defaults()).options());
        assertEquals(path().toString(), Fifo.open(path()).address().location());
        Fifo.remove(path());
    }

    @Test
    void openOrCreateCreates() throws Exception {
        Fifo fifo = Fifo.openOrCreate(path(), FifoOptions.defaults().withCapacity(8192));
        assertEquals(8192, fifo.options().capacityBytes());
        assertEquals(fifo.options(), Fifo.open(path()).options());
        Fifo.remove(path());
    }

    @Test
    void theCapacityIsSetAgainAtEachOpen() throws Exception {
        Fifo fifo = Fifo.create(path(), FifoOptions.defaults().withCapacity(4096));
        for (int time = 0; time < 2; time++) { // the kernel forgets it in between
            try (FifoReceiver<byte[]> receiver = Fifo.open(path()).openReceiver(Codecs.bytes());
                    FifoSender<byte[]> sender = fifo.openSender(Codecs.bytes())) {
                assertEquals(4096, receiver.capacityBytes());
                assertEquals(4096, sender.capacityBytes());
                assertEquals(16_384, sender.setCapacity(16_384));
            }
        }
        Fifo.remove(path());
    }

    @Test
    void bytesWaitingAreCounted() throws Exception {
        Fifo fifo = Fifo.create(path(), FifoOptions.defaults().withFraming(Framing.RAW));
        try (FifoReceiver<byte[]> receiver = fifo.openReceiver(Codecs.bytes());
                FifoSender<byte[]> sender = fifo.openSender(Codecs.bytes())) {
            sender.send(new byte[123]);
            assertEquals(123, receiver.bytesWaiting());
            assertEquals(123, sender.bytesWaiting());
        }
        Fifo.remove(path());
    }

    @Test
    void aRefusedCapacityLeavesNothing() {
        assertThrows(
                IOException.class,
                () -> Fifo.create(path(), FifoOptions.defaults().withCapacity(Integer.MAX_VALUE)));
        assertFalse(Files.exists(path(), LinkOption.NOFOLLOW_LINKS));
    }

    @Test
    void badOptionsAreRefusedNamingTheValue() {
        FifoOptions options = FifoOptions.defaults();
        assertTrue(assertThrows(IllegalArgumentException.class, () -> options.withMode(07777))
                .getMessage()
                .contains("07777"));
        assertThrows(IllegalArgumentException.class, () -> options.withCapacity(-1));
        assertThrows(IllegalArgumentException.class, () -> options.withMaxMessage(0));
        assertThrows(IllegalArgumentException.class, () -> options.withOwner(-2));
        assertThrows(IllegalArgumentException.class, () -> Fifo.create(path(), options.withOwner(NOBODY)));
        assertThrows(IllegalArgumentException.class, () -> Fifo.create(Path.of("/")));
    }

    // ---- what is no FIFO of ours

    private void assertRefusedAndUntouched(Path planted, String why) throws Exception {
        Object before = Files.readAttributes(planted, "unix:ino,mode,nlink,uid,ctime", LinkOption.NOFOLLOW_LINKS);
        List<Executable> calls = List.of(
                () -> Fifo.open(planted),
                () -> Fifo.open(planted, FifoOptions.defaults()),
                () -> Fifo.openOrCreate(planted, FifoOptions.defaults()),
                () -> Fifo.exists(planted),
                () -> Fifo.remove(planted));
        for (Executable call : calls) {
            IOException e = assertThrows(IOException.class, call);
            assertTrue(e.getMessage().contains(why), e.getMessage());
            assertTrue(e.getMessage().contains(planted.toString()), e.getMessage());
        }
        assertEquals(
                Errno.EEXIST,
                assertThrows(OsException.class, () -> Fifo.create(planted)).errno());
        assertEquals(before, Files.readAttributes(planted, "unix:ino,mode,nlink,uid,ctime", LinkOption.NOFOLLOW_LINKS));
    }

    @Test
    void aPlantedLinkIsRefusedAndNotFollowed() throws Exception {
        Path target = Fifo.create(directory.resolve("target")).path();
        Path link = Files.createSymbolicLink(path(), target);
        assertRefusedAndUntouched(link, "symbolic link");
        assertTrue(Fifo.exists(target));
        Fifo.remove(target);
    }

    @Test
    void aRegularFileIsRefusedAndUntouched() throws Exception {
        Files.writeString(path(), "precious");
        assertRefusedAndUntouched(path(), "regular file");
        assertEquals("precious", Files.readString(path()));
    }

    @Test
    void aDirectoryIsRefusedAndUntouched() throws Exception {
        assertRefusedAndUntouched(Files.createDirectory(path()), "directory");
    }

    @Test
    void aSocketIsRefusedAndUntouched() throws Exception {
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(path()));
            assertRefusedAndUntouched(path(), "socket");
        }
    }

    @Test
    void aFifoOfTwoNamesIsRefusedAndUntouched() throws Exception {
        FileCalls.makeFifo(directory.resolve("other").toString(), 0600);
        Files.createLink(path(), directory.resolve("other"));
        assertRefusedAndUntouched(path(), "2 names");
    }

    @Test
    void aForeignFifoIsRefusedUnlessItsOwnerIsNamed() throws Exception {
        assumeTrue(ProcessCalls.effectiveUser() == 0, "only root can give a file away");
        FileCalls.makeFifo(path().toString(), 0600);
        Files.setAttribute(path(), "unix:uid", NOBODY);
        assertRefusedAndUntouched(path(), "belongs to user " + NOBODY);
        Fifo foreign = Fifo.open(path(), FifoOptions.defaults().withOwner(NOBODY));
        try (Receiver<byte[]> receiver = Ipc.receiver(foreign.address(), Codecs.bytes());
                FifoSender<byte[]> sender = foreign.openSender(Codecs.bytes())) {
            sender.send(new byte[] {7});
            assertArrayEquals(new byte[] {7}, receiver.receive());
        }
        assertTrue(Ipc.exists(foreign.address()));
        assertThrows(IOException.class, () -> Ipc.remove(foreign.address().withoutParameters()));
        assertTrue(Ipc.remove(foreign.address()));
        assertFalse(Ipc.exists(foreign.address()));
    }

    @Test
    void whatTakesTheNameLaterIsRefusedByAnOpenToo() throws Exception {
        Fifo fifo = Fifo.create(path());
        Files.delete(path());
        assertEquals(
                Errno.ENOENT,
                assertThrows(OsException.class, () -> fifo.tryOpenSender(Codecs.bytes()))
                        .errno());
        Files.createSymbolicLink(path(), Path.of("/dev/null"));
        assertThrows(IOException.class, () -> fifo.tryOpenSender(Codecs.bytes()));
        assertThrows(IOException.class, () -> fifo.openReceiver(Codecs.bytes()));
        Files.delete(path());
        assertFalse(Fifo.remove(path()));
    }

    @Test
    void linksInTheDirectorysPathAreFollowed() throws Exception {
        Path real = Files.createDirectory(directory.resolve("real"));
        Path link = Files.createSymbolicLink(directory.resolve("link"), real);
        Fifo fifo = Fifo.create(link.resolve("f"));
        assertEquals(real.resolve("f"), fifo.path());
        assertEquals(fifo.address(), Fifo.open(real.resolve("f")).address());
        assertTrue(Fifo.remove(link.resolve("f")));
    }

    // ---- what others made

    @Test
    void aFifoThatAnotherProgramMadeIsOpenedWithTheDefaults() throws Exception {
        FileCalls.makeFifo(path().toString(), 0600);
        Fifo fifo = Fifo.open(path());
        assertEquals(FifoOptions.defaults(), fifo.options());
        FifoOptions others = FifoOptions.defaults().withMaxMessage(5);
        assertEquals(others, Fifo.openOrCreate(path(), others).options());
    }

    @Test
    void optionsThatNoRecordTellsOfAreInTheAddress() throws Exception {
        FileCalls.makeFifo(path().toString(), 0600);
        Fifo lines = Fifo.open(
                path(), FifoOptions.defaults().withFraming(Framing.LINE).withMaxMessage(100));
        assertEquals("fifo:" + path() + "?framing=line&max=100", lines.address().toString());
        try (Receiver<String> receiver = Ipc.receiver(lines.address(), Codecs.utf8());
                Sender<String> sender = lines.openSender(Codecs.utf8())) {
            sender.send("a line");
            assertEquals("a line", receiver.receive());
        }
    }

    // ---- what a killed creator had begun

    private static final FifoOptions BEGUN =
            FifoOptions.defaults().withFraming(Framing.LINE).withMode(0640);

    private void begin() throws Exception {
        Registry registry = Registry.open();
        try (ObjectLock lock = registry.lock("fifo", path().toString())) {
            registry.put(lock, FifoRegistry.begin(path().toString(), "fifo:" + path(), BEGUN));
        }
    }

    @Test
    void whoOpensAHalfMadeFifoFinishesItAsItsCreatorWanted() throws Exception {
        List<Callable<Fifo>> opens = List.of(
                () -> Fifo.open(path()),
                () -> Fifo.openOrCreate(path(), FifoOptions.defaults().withMaxMessage(5)));
        for (Callable<Fifo> open : opens) {
            begin();
            FileCalls.makeFifo(path().toString(), 0600);
            assertEquals(BEGUN, open.call().options());
            assertEquals("rw-r-----", modeOf(path()));
            assertEquals(BEGUN, Fifo.open(path()).options());
            Fifo.remove(path());
        }
    }

    private void assertNotTakenForTheHalfMade() throws Exception {
        String mode = modeOf(path());
        FifoOptions mine = FifoOptions.defaults().withMaxMessage(5);
        assertEquals(mine, Fifo.openOrCreate(path(), mine).options());
        assertNull(Registry.open().find("fifo", path().toString()));
        begin();
        assertEquals(FifoOptions.defaults(), Fifo.open(path()).options());
        assertNull(Registry.open().find("fifo", path().toString()));
        assertEquals(mode, modeOf(path()));
    }

    @Test
    void aFifoThatWasThereBeforeIsNotTheHalfMadeOne() throws Exception {
        FileCalls.makeFifo(path().toString(), 0600);
        long before = OsCalls.linkStatus(path().toString()).birthNanos();
        assumeTrue(before != 0, "births are not kept here");
        Path probe = directory.resolve("probe");
        Await.until("the clock of the files has gone on", () -> {
            Files.deleteIfExists(probe);
            Files.writeString(probe, "");
            return OsCalls.linkStatus(probe.toString()).birthNanos() - before > 50_000_000;
        });
        begin();
        assertNotTakenForTheHalfMade();
    }

    @Test
    void aFifoOfAModeThatItsCreatorNeverGaveItIsNotTheHalfMadeOne() throws Exception {
        begin();
        FileCalls.makeFifo(path().toString(), 0600);
        Files.setPosixFilePermissions(path(), PosixFilePermissions.fromString("rw-r--r--"));
        assertNotTakenForTheHalfMade();
    }

    // ---- removing

    @Test
    void whoHasItOpenGoesOnAfterItsNameIsRemoved() throws Exception {
        Fifo fifo = Fifo.create(path());
        try (FifoReceiver<String> receiver = fifo.openReceiver(Codecs.utf8());
                FifoSender<String> sender = fifo.openSender(Codecs.utf8())) {
            assertTrue(Fifo.remove(path()));
            sender.send("still here");
            assertEquals("still here", receiver.receive());
        }
        assertNull(Registry.open().find("fifo", path().toString()));
    }

    @Test
    void whatIsAliveIsNotStale() throws Exception {
        Fifo.create(path(), FifoOptions.defaults().withLifetime(Lifetime.OWNED));
        Path kept = Fifo.create(directory.resolve("kept")).path();
        assertFalse(Fifo.removeStale().stream()
                .anyMatch(address -> address.isPath() && address.path().startsWith(directory)));
        assertTrue(Fifo.exists(path()));
        assertTrue(Fifo.exists(kept));
        Fifo.remove(path());
        Fifo.remove(kept);
    }

    @Test
    void aTimedOpenOfNobodyWaitsItsTime() throws Exception {
        Fifo fifo = Fifo.create(path());
        long start = System.nanoTime();
        assertNull(fifo.tryOpenSender(Codecs.bytes(), Duration.ofMillis(50)));
        assertTrue(System.nanoTime() - start >= 50_000_000);
        assertNull(fifo.tryOpenSender(Codecs.bytes()));
        assertNull(fifo.tryOpenSender(Codecs.bytes(), Duration.ZERO));
        Fifo.remove(path());
    }

    @Test
    void aTryBeginsNoLineThatHasNotRoom() throws Exception {
        Path path = directory.resolve("lines");
        Fifo fifo = Fifo.create(path, FifoOptions.defaults().withFraming(Framing.LINE));
        try (FifoReceiver<String> receiver = fifo.openReceiver(Codecs.utf8());
                FifoSender<String> sender = fifo.openSender(Codecs.utf8())) {
            assertFalse(sender.trySend("x".repeat(sender.capacityBytes())));
            assertEquals(0, receiver.bytesWaiting());
            assertTrue(sender.trySend("x".repeat(sender.capacityBytes() - 1)));
            assertFalse(sender.trySend("y".repeat(5_000)));
            assertEquals(sender.capacityBytes() - 1, receiver.receive().length());
            assertTrue(sender.trySend("still whole"));
            assertEquals("still whole", receiver.receive());
        } finally {
            Fifo.remove(path);
        }
    }
}

package org.jvmipc.shm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.jvmipc.Address;
import org.jvmipc.Codecs;
import org.jvmipc.Lifetime;
import org.jvmipc.OsException;
import org.jvmipc.PeerGoneException;
import org.jvmipc.UnsupportedMechanismException;
import org.jvmipc.internal.RuntimeDirectory;
import org.jvmipc.internal.posix.Errno;
import org.jvmipc.internal.posix.Fcntl;
import org.jvmipc.internal.posix.Fd;
import org.jvmipc.internal.posix.LockCalls;
import org.jvmipc.internal.posix.OsCalls;
import org.jvmipc.internal.registry.ObjectLock;
import org.jvmipc.internal.registry.Registry;
import org.jvmipc.process.ProcessIdentity;
import org.jvmipc.testkit.Await;
import org.jvmipc.testkit.FaultSeam;
import org.jvmipc.testkit.NoLeaks;
import org.jvmipc.testkit.Worker;

@Timeout(60)
@ExtendWith(NoLeaks.class)
@SuppressWarnings("try") // closes one end in the middle, as the behaviour under test
class RingFamilyTest {
    private static final RingFamily FAMILY = RingFamily.of("testbox", "test box");
    private static final RingOptions LANES = RingOptions.defaults().withKind(RingKind.LANES);
    private static final SegmentOptions OWNED = SegmentOptions.defaults().withLifetime(Lifetime.OWNED);

    private static RingFamily.Owned<byte[]> create(Address address, SegmentOptions options) throws Exception {
        return FAMILY.create(address, options, LANES, Codecs.bytes());
    }

    @Test
    void carriesMessagesUnderItsOwnScheme() throws Exception {
        Address address = Address.of("testbox:carries");
        RingFamily.Owned<byte[]> made = create(address, OWNED);
        try (RingReceiver<byte[]> in = made.receiver();
                SharedRing ring = FAMILY.open(address, RingWaiting.ADAPTIVE);
                RingSender<byte[]> out = ring.openSender(Codecs.bytes())) {
            out.requireReceiver();
            out.send(new byte[] {7});
            assertEquals(7, in.receive()[0]);
            assertEquals(address, in.address());
            assertEquals(List.of(address), FAMILY.scheme().list());
            assertEquals(ProcessIdentity.self(), FAMILY.owner(address));
            Map<String, Object> facts = FAMILY.scheme().inspect(address);
            assertEquals("lanes", facts.get("kind"));
        }
        assertTrue(made.name().remove());
        assertFalse(made.name().remove());
        assertFalse(FAMILY.scheme().exists(address));
    }

    @Test
    void aPidIsANameToo() throws Exception {
        Address address = Address.of("testbox:4711");
        RingFamily.Owned<byte[]> made = create(address, OWNED);
        try (RingReceiver<byte[]> in = made.receiver()) {
            assertEquals(address, in.address());
            assertEquals(List.of(address), FAMILY.scheme().list());
        } finally {
            made.name().remove();
        }
    }

    @Test
    void theSchemeCreatesNothing() {
        assertThrows(UnsupportedMechanismException.class, () -> FAMILY.scheme().create(Address.of("testbox:created")));
    }

    @Test
    void aNameThatIsTakenIsRefusedAndNothingIsLeft() throws Exception {
        Address address = Address.of("testbox:taken");
        RingFamily.Owned<byte[]> made = create(address, OWNED);
        try (RingReceiver<byte[]> in = made.receiver()) {
            OsException taken = assertThrows(OsException.class, () -> create(address, OWNED));
            assertEquals(Errno.EEXIST, taken.errno());
            assertNull(in.tryReceive());
        } finally {
            made.name().remove();
        }
    }

    /** Else the number might be another file's by then, and the beacon of its owner would go out. */
    @Test
    void whoLosesTheRaceForANameLeavesBeforeItsFileIsClosed() throws Exception {
        Address address = Address.of("testbox:race");
        Path path = RuntimeDirectory.resolve("race", ".testbox");
        create(Address.of("testbox:loads"), OWNED).receiver().close();
        assertNull(FAMILY.removeIfOwnerDead(Address.of("testbox:loads")));
        ObjectLock lock = Registry.open().lock("testbox", path.toString());
        try (lock;
                Worker<List<String>> loser = Worker.call(() -> FaultSeam.callsOf(() -> {
                    OsException taken = assertThrows(OsException.class, () -> create(address, OWNED));
                    assertEquals(Errno.EEXIST, taken.errno());
                }))) {
            Await.until("waits for the lock", () -> Arrays.stream(loser.thread().getStackTrace())
                    .anyMatch(frame -> frame.getClassName().endsWith(".LockFile")
                            && frame.getMethodName().equals("pause")));
            Files.createFile(path); // as another one that is faster
            lock.close();
            List<String> calls = loser.result();
            int end = calls.lastIndexOf("close");
            int before = calls.subList(0, end).lastIndexOf("close");
            assertTrue(calls.subList(before, end).contains("fcntl(F_OFD_SETLK)"), () -> "the last calls: " + calls);
            assertFalse(calls.subList(end, calls.size()).contains("fcntl(F_OFD_SETLK)"), () -> "the last: " + calls);
        } finally {
            Files.deleteIfExists(path);
        }
    }

    @Test
    void aLivingOwnerKeepsItsName() throws Exception {
        Address address = Address.of("testbox:living");
        RingFamily.Owned<byte[]> made = create(address, OWNED);
        try (RingReceiver<byte[]> in = made.receiver()) {
            assertEquals(ProcessIdentity.self(), FAMILY.removeIfOwnerDead(address));
            assertTrue(FAMILY.scheme().exists(address));
            assertTrue(in.isOpen());
        } finally {
            made.name().remove();
        }
    }

    @Test
    void whatNobodyHasOpenHasNoLivingOwner() throws Exception {
        Address address = Address.of("testbox:deserted");
        create(address, OWNED).receiver().close();
        assertNull(FAMILY.removeIfOwnerDead(address));
        assertFalse(FAMILY.scheme().exists(address));
        assertNull(FAMILY.removeIfOwnerDead(address), "there is none");
    }

    /** It was about to remove the name, and did not get to it; that it has another end open keeps nobody from the name. */
    @Test
    void whatItsReceiverHasLeftHasNoOwner() throws Exception {
        Address address = Address.of("testbox:left");
        RingFamily.Owned<byte[]> made = create(address, OWNED);
        try (SharedRing ring = FAMILY.open(address, RingWaiting.ADAPTIVE);
                RingSender<byte[]> out = ring.openSender(Codecs.bytes())) {
            assertEquals(ProcessIdentity.self(), FAMILY.removeIfOwnerDead(address));
            made.receiver().close();
            assertNull(FAMILY.removeIfOwnerDead(address));
            assertFalse(FAMILY.scheme().exists(address));
            assertTrue(out.isOpen());
        }
    }

    @Test
    void anInterruptDoesNotEndARemovalThatWaits() throws Exception {
        Address address = Address.of("testbox:interrupted");
        RingFamily.Owned<byte[]> made = create(address, OWNED);
        made.receiver().close();
        String path = RuntimeDirectory.resolve("interrupted", ".testbox").toString();
        try (Fd opener = OsCalls.open(path, Fcntl.O_RDWR, 0)) {
            assertTrue(LockCalls.tryLock(opener, 1L << 62, 1, false), "the byte of who is about to join");
            try (Worker<Boolean> remover = Worker.call(() -> {
                Thread.currentThread().interrupt();
                return made.name().remove() && Thread.interrupted();
            })) {
                Await.until(
                        "waits, or has ended",
                        () -> remover.isDone()
                                || Arrays.stream(remover.thread().getStackTrace())
                                        .anyMatch(frame -> frame.getMethodName().equals("sleep")));
                opener.close();
                assertTrue(remover.result(), "removed, and still interrupted");
            }
        }
    }

    @Test
    void whatIsKeptIsNeverADeadOnes() throws Exception {
        Address address = Address.of("testbox:kept");
        RingFamily.Owned<byte[]> made = create(address, SegmentOptions.defaults());
        made.receiver().close();
        assertNotNull(FAMILY.removeIfOwnerDead(address));
        assertTrue(made.name().remove());
    }

    @Test
    void anOldNameLeavesItsSuccessorAlone() throws Exception {
        Address address = Address.of("testbox:successor");
        RingFamily.Owned<byte[]> old = create(address, OWNED);
        old.receiver().close();
        assertNull(FAMILY.removeIfOwnerDead(address));
        RingFamily.Owned<byte[]> made = create(address, OWNED);
        try (RingReceiver<byte[]> in = made.receiver()) {
            assertFalse(old.name().remove());
            assertTrue(FAMILY.scheme().exists(address));
            assertEquals(ProcessIdentity.self(), FAMILY.owner(address));
            assertTrue(in.isOpen());
        } finally {
            assertTrue(made.name().remove());
        }
    }

    @Test
    void aSenderLooksWhetherSomebodyReceives() throws Exception {
        Address address = Address.of("testbox:looks");
        RingFamily.Owned<byte[]> made = create(address, OWNED);
        try (RingReceiver<byte[]> in = made.receiver();
                SharedRing ring = FAMILY.open(address, RingWaiting.ADAPTIVE);
                RingSender<byte[]> out = ring.openSender(Codecs.bytes())) {
            out.requireReceiver();
            in.close();
            PeerGoneException gone = assertThrows(PeerGoneException.class, out::requireReceiver);
            assertEquals(PeerGoneException.Reason.CLOSED, gone.reason());
        } finally {
            made.name().remove();
        }
    }
}

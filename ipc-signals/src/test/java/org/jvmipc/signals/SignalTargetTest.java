package org.jvmipc.signals;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.jvmipc.Address;
import org.jvmipc.AddressException;
import org.jvmipc.Codecs;
import org.jvmipc.Ipc;
import org.jvmipc.LimitException;
import org.jvmipc.OsException;
import org.jvmipc.PeerGoneException;
import org.jvmipc.Sender;
import org.jvmipc.UnsupportedMechanismException;
import org.jvmipc.internal.posix.Errno;
import org.jvmipc.process.ChildJvm;
import org.jvmipc.process.ExitStatus;
import org.jvmipc.process.ProcessIdentity;
import org.jvmipc.testkit.Children;
import org.jvmipc.testkit.Jvms;
import org.jvmipc.testkit.NoLeaks;
import org.jvmipc.testkit.Strike;

/** Sending: to whom, and what goes wrong. */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@ExtendWith(NoLeaks.class)
@SuppressWarnings("try") // closed in the middle of a test
class SignalTargetTest {
    private static final PosixSignal FIRST = PosixSignal.realTime(1);
    private static final long SELF = ProcessHandle.current().pid();

    private static ChildJvm child() throws Exception {
        return Children.start(SignalPrograms.launcher(SignalPrograms.Stays.class, Jvms.FAST_START));
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1, Long.MIN_VALUE, 1L << 31, Long.MAX_VALUE})
    void numbersThatAreNoProcessAreRefusedClearly(long pid) {
        for (IllegalArgumentException e : List.of(
                assertThrows(IllegalArgumentException.class, () -> SignalTarget.of(pid)),
                assertThrows(IllegalArgumentException.class, () -> Signals.send(pid, FIRST)),
                assertThrows(IllegalArgumentException.class, () -> Signals.queue(pid, FIRST, 1)),
                assertThrows(IllegalArgumentException.class, () -> Signals.exists(pid)))) {
            assertTrue(e.getMessage().contains("pid is " + pid), e.getMessage());
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, -5, 1L << 31})
    void numbersThatAreNoGroupAreRefusedClearly(long group) {
        assertThrows(IllegalArgumentException.class, () -> Signals.sendToGroup(group, FIRST));
    }

    @Test
    void whoHasEndedIsNotHit() throws Exception {
        ChildJvm child = child();
        ProcessHandle handle = ProcessHandle.of(child.pid()).orElseThrow();
        ProcessIdentity identity = child.identity();
        try (child;
                SignalTarget target = SignalTarget.of(child)) {
            assertTrue(Signals.exists(child.pid()));
            assertTrue(target.exists());
            Signals.send(handle, PosixSignal.KILL);
            assertEquals(PosixSignal.KILL.number(), child.awaitExit().signal());
            assertEquals(
                    Errno.ESRCH,
                    assertThrows(OsException.class, () -> target.send(FIRST)).errno());
            assertEquals(
                    Errno.ESRCH,
                    assertThrows(OsException.class, () -> target.tryQueue(FIRST, 1))
                            .errno());
            assertFalse(target.exists());
            for (OsException e : List.of(
                    assertThrows(OsException.class, () -> Signals.send(handle, FIRST)),
                    assertThrows(OsException.class, () -> SignalTarget.of(identity)),
                    assertThrows(OsException.class, () -> Signals.queue(child, FIRST, 1)),
                    assertThrows(OsException.class, () -> Signals.send(child.pid(), FIRST)))) {
                assertEquals(Errno.ESRCH, e.errno());
                assertTrue(e.getMessage().contains("pid=" + child.pid()), e.getMessage());
            }
            assertFalse(Signals.exists(child.pid()));
        }
    }

    @Test
    void aLaterBearerOfTheNumberIsNotHit() throws Exception {
        ProcessIdentity self = ProcessIdentity.self();
        ProcessIdentity earlier = new ProcessIdentity(SELF, self.startTime() - 1, self.bootId(), self.pidNamespace());
        assertEquals(
                Errno.ESRCH,
                assertThrows(OsException.class, () -> SignalTarget.of(earlier)).errno());
    }

    @Test
    void withoutPidfdsTheStartTimeIsLookedAt() throws Exception {
        for (int errno : new int[] {Errno.ENOSYS, Errno.EPERM}) {
            try (ChildJvm child = child();
                    SignalReceiver receiver = Signals.receive(FIRST)) {
                SignalTarget self = withoutPidfd(SELF, errno);
                self.queue(FIRST, 11);
                assertEquals(OptionalInt.of(11), receiver.receive().value());
                self.send(FIRST);
                assertEquals(SignalCode.USER, receiver.receive().code());
                assertTrue(self.exists());
                self.close();
                assertThrows(ClosedChannelException.class, () -> self.send(FIRST));
                SignalTarget target = withoutPidfd(child.pid(), errno);
                target.send(PosixSignal.KILL);
                assertEquals(ExitStatus.killed(9).signal(), child.awaitExit().signal());
                assertEquals(
                        Errno.ESRCH,
                        assertThrows(OsException.class, () -> target.send(FIRST))
                                .errno());
                assertEquals(
                        Errno.ESRCH,
                        assertThrows(OsException.class, () -> target.tryQueue(FIRST, 1))
                                .errno());
            }
        }
    }

    private static SignalTarget withoutPidfd(long pid, int errno) throws Exception {
        // The second call: who the user is comes first.
        try (Strike strike = Strike.failing(2, errno).arm()) {
            SignalTarget target = SignalTarget.of(pid);
            assertEquals("pidfd_open", strike.call());
            return target;
        }
    }

    @Test
    void whatIsNotAllowedIsSaidSo() throws Exception {
        try (SignalTarget self = SignalTarget.of(SELF);
                Strike strike = Strike.failing(1, Errno.EPERM).arm()) {
            OsException e = assertThrows(OsException.class, () -> self.send(PosixSignal.USR1));
            assertEquals("pidfd_send_signal", strike.call());
            assertEquals(
                    "pidfd_send_signal failed: Operation not permitted (EPERM) pid=" + SELF
                            + " signal=SIGUSR1 (only its own user, and a privileged one, may signal it)",
                    e.getMessage());
        }
    }

    @Test
    void aFullQueueIsFalse() throws Exception {
        try (SignalTarget self = SignalTarget.of(SELF)) {
            try (Strike strike = Strike.failing(1, Errno.EAGAIN).arm()) {
                assertFalse(self.tryQueue(FIRST, 1));
                assertEquals("pidfd_send_signal", strike.call());
            }
            try (SignalReceiver receiver = Signals.receive(FIRST);
                    Strike strike = Strike.failing(1, Errno.EAGAIN).arm()) {
                assertTrue(self.tryQueue(FIRST, 2, Duration.ofSeconds(20)), "there was room the second time");
                strike.close();
                assertEquals(OptionalInt.of(2), receiver.receive().value());
            }
        }
    }

    @Test
    void closedItSendsNothing() throws Exception {
        SignalTarget self = SignalTarget.of(SELF);
        self.close();
        self.close();
        assertFalse(self.isOpen());
        assertThrows(ClosedChannelException.class, () -> self.send(FIRST));
        assertThrows(ClosedChannelException.class, () -> self.queue(FIRST, 1));
        assertThrows(ClosedChannelException.class, () -> self.tryQueue(FIRST, 1));
        assertThrows(ClosedChannelException.class, self::exists);
    }

    @Test
    void aGroupIsHitAsAWhole() throws Exception {
        try (ChildJvm child = Children.start(SignalPrograms.launcher(SignalPrograms.Stays.class, Jvms.FAST_START)
                .ownGroup())) {
            Signals.sendToGroup(child.pid(), PosixSignal.KILL);
            assertEquals(PosixSignal.KILL.number(), child.awaitExit().signal());
            OsException e = assertThrows(OsException.class, () -> Signals.sendToGroup(child.pid(), PosixSignal.TERM));
            assertEquals(Errno.ESRCH, e.errno());
        }
    }

    @Test
    void byAddressAMessageIsANumber() throws Exception {
        Address address = Address.of("signal:" + SELF + "?signal=RTMIN%2B2");
        try (SignalReceiver receiver = Signals.receive(PosixSignal.realTime(1), PosixSignal.realTime(2));
                Sender<String> sender = Ipc.sender(address, Codecs.utf8());
                Sender<String> usual = Ipc.sender(Address.of("signal:" + SELF), Codecs.utf8());
                Sender<byte[]> binary = Ipc.sender(address.with("value", "binary"), Codecs.bytes());
                Sender<Long> numbers = Ipc.sender(address.with("value", "binary"), Codecs.int64())) {
            sender.send(" -42\n");
            assertEquals("SIGRTMIN+2 value=-42 SI_QUEUE", prefix(receiver.receive()));
            usual.send("7");
            assertEquals("SIGRTMIN+1 value=7 SI_QUEUE", prefix(receiver.receive()));
            sender.send("");
            assertEquals("SIGRTMIN+2 SI_USER", prefix(receiver.receive()));
            assertTrue(binary.trySend(new byte[] {1, 2, 0, 0}));
            assertEquals("SIGRTMIN+2 value=513 SI_QUEUE", prefix(receiver.receive()));
            assertTrue(numbers.trySend(-3L, Duration.ofSeconds(1)));
            assertEquals("SIGRTMIN+2 value=-3 SI_QUEUE", prefix(receiver.receive()));
            sender.sendAll(List.of("1", "2"));
            assertEquals("SIGRTMIN+2 value=1 SI_QUEUE", prefix(receiver.receive()));
            assertEquals("SIGRTMIN+2 value=2 SI_QUEUE", prefix(receiver.receive()));
            for (String none : List.of("x", "2147483648", "1.5")) {
                assertThrows(IllegalArgumentException.class, () -> sender.send(none));
            }
            assertThrows(IllegalArgumentException.class, () -> numbers.send(1L << 31));
            assertThrows(IllegalArgumentException.class, () -> binary.send(new byte[3]));
            assertThrows(LimitException.class, () -> binary.send(new byte[100]));
            assertThrows(LimitException.class, () -> sender.send("1".repeat(100)));
            assertEquals(null, receiver.tryReceive());
        }
    }

    private static String prefix(SignalEvent event) {
        return event.toString().replaceAll(" pid=.*", "");
    }

    @Test
    void theSenderToAProcessThatHasEndedIsToldSo() throws Exception {
        try (ChildJvm child = child();
                Sender<ByteBuffer> sender = Ipc.sender(Address.of("signal:" + child.pid()), Codecs.buffers())) {
            child.kill();
            child.awaitExit();
            PeerGoneException e =
                    assertThrows(PeerGoneException.class, () -> sender.send(ByteBuffer.wrap(new byte[] {'1'})));
            assertEquals(PeerGoneException.Reason.DIED, e.reason());
            assertEquals(child.pid(), e.pid().orElseThrow());
            sender.close();
            assertThrows(ClosedChannelException.class, () -> sender.trySend(ByteBuffer.wrap(new byte[] {'1'})));
            assertThrows(OsException.class, () -> Ipc.sender(Address.of("signal:" + child.pid()), Codecs.buffers()));
        }
    }

    @Test
    void theSchemeTellsOfAProcess() throws Exception {
        SignalTransport scheme = new SignalTransport();
        Address self = Address.of("signal:" + SELF);
        assertTrue(scheme.exists(self));
        try (SignalReceiver receiver = Signals.receive(FIRST)) {
            Signals.queue(SELF, FIRST, 1);
            assertTrue(scheme.inspect(self).get("blocked").toString().contains("RTMIN+1"), receiver::toString);
            assertEquals("RTMIN+1", scheme.inspect(self).get("pending"));
        }
        assertThrows(AddressException.class, () -> scheme.exists(Address.of("signal:name")));
        assertThrows(AddressException.class, () -> Ipc.sender(self.with("signal", "FOO"), Codecs.bytes()));
        assertThrows(AddressException.class, () -> Ipc.sender(self.with("signl", "1"), Codecs.bytes()));
        assertThrows(UnsupportedMechanismException.class, () -> Ipc.receiver(self, Codecs.bytes()));
        assertThrows(UnsupportedMechanismException.class, () -> scheme.create(self));
        assertThrows(UnsupportedMechanismException.class, () -> scheme.remove(self));
        assertEquals(List.of(), scheme.list());
    }

    @Test
    void theFirstProcessCanBeHeldAndIsNeitherKilledNorStopped() throws Exception {
        assertTrue(Signals.exists(1)); // a process of others, as a rule, so nothing is sent to it here
        try (SignalTarget first = SignalTarget.of(1)) {
            for (PosixSignal signal : List.of(PosixSignal.KILL, PosixSignal.STOP)) {
                for (IllegalArgumentException e : List.of(
                        assertThrows(IllegalArgumentException.class, () -> first.send(signal)),
                        assertThrows(IllegalArgumentException.class, () -> first.queue(signal, 1)),
                        assertThrows(IllegalArgumentException.class, () -> first.tryQueue(signal, 1)))) {
                    assertTrue(e.getMessage().startsWith("pid is 1, "), e.getMessage());
                }
            }
        }
    }

    @Test
    void theNumberOfAThreadIsNoProcess() throws Exception {
        long tid = ThreadMask.ofAllThreads().stream()
                .mapToLong(ThreadMask::tid)
                .filter(each -> each != SELF)
                .min() // the oldest, which stay
                .orElseThrow();
        assertFalse(Signals.exists(tid));
        OsException e = assertThrows(OsException.class, () -> SignalTarget.of(tid));
        assertEquals(Errno.ESRCH, e.errno());
        try (Strike strike = Strike.failing(2, Errno.ENOSYS).arm()) {
            e = assertThrows(OsException.class, () -> SignalTarget.of(tid));
            assertEquals("pidfd_open", strike.call());
            assertEquals(Errno.ESRCH, e.errno());
        }
    }
}

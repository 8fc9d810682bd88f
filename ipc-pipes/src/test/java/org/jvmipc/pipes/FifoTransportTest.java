package org.jvmipc.pipes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.jvmipc.Address;
import org.jvmipc.AddressException;
import org.jvmipc.Capability;
import org.jvmipc.Codecs;
import org.jvmipc.Framing;
import org.jvmipc.Ipc;
import org.jvmipc.Lifetime;
import org.jvmipc.OsException;
import org.jvmipc.Receiver;
import org.jvmipc.Sender;
import org.jvmipc.internal.posix.Errno;
import org.jvmipc.spi.ObjectInfo;
import org.jvmipc.spi.Removal;
import org.jvmipc.spi.Scheme;
import org.jvmipc.testkit.NoLeaks;

/** FIFOs by address. */
@ExtendWith(NoLeaks.class)
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FifoTransportTest {
    private static final Address NAMED = Address.of("fifo:transport-test");

    @AfterEach
    void remove() throws Exception {
        Ipc.remove(NAMED);
    }

    @Test
    void aBareNameLivesInTheRuntimeDirectory() throws Exception {
        assertFalse(Ipc.exists(NAMED));
        assertEquals(NAMED, Ipc.create(NAMED));
        assertTrue(Ipc.exists(NAMED));
        Path path = Fifo.path("transport-test");
        assertEquals(NAMED, Fifo.open(path).address());
        assertTrue(Ipc.list("fifo").contains(NAMED));
        assertTrue(Ipc.remove(NAMED));
        assertFalse(Ipc.remove(NAMED));
        assertFalse(Ipc.list("fifo").contains(NAMED));
    }

    @Test
    void createTakesItsSettingsFromTheAddressAndAnswersItWithout() throws Exception {
        Address full =
                Address.of("fifo:transport-test?framing=raw&sharing=one-sender&capacity=16k&max=1m&mode=0640&owned");
        assertEquals(NAMED, Ipc.create(full));
        FifoOptions expected = FifoOptions.defaults()
                .withFraming(Framing.RAW)
                .withSharing(FifoSharing.ONE_SENDER)
                .withCapacity(16_384)
                .withMaxMessage(1 << 20)
                .withMode(0640)
                .withLifetime(Lifetime.OWNED);
        assertEquals(expected, Fifo.open(Fifo.path("transport-test")).options());
    }

    @Test
    void parametersOfAnOpenGoBeforeWhatWasSettled() throws Exception {
        Ipc.create(NAMED);
        Address lines = NAMED.with("framing", "line");
        try (Receiver<String> receiver = Ipc.receiver(lines, Codecs.utf8());
                Sender<String> sender = Ipc.sender(lines, Codecs.utf8())) {
            sender.send("text");
            assertEquals("text", receiver.receive());
            assertEquals(lines, sender.address());
        }
    }

    @Test
    void eachFramingHasAWordInAddressesAndInTheRecord() throws Exception {
        for (Framing framing : Framing.values()) {
            String word = framing.name().toLowerCase(Locale.ROOT);
            Ipc.create(NAMED.with("framing", word));
            assertEquals(framing, Fifo.open(NAMED).options().framing());
            assertEquals(word, Ipc.scheme("fifo").settings(NAMED).get("framing"));
            try (Receiver<String> receiver = Ipc.receiver(NAMED, Codecs.utf8());
                    Sender<String> sender = Ipc.sender(NAMED, Codecs.utf8())) {
                sender.send("text");
                assertEquals("text", receiver.receive());
            }
            Ipc.remove(NAMED);
        }
    }

    @Test
    void aTimedOpenByAddressAnswersNullWithoutReceiver() throws Exception {
        Ipc.create(NAMED);
        assertNull(Ipc.trySender(NAMED, Codecs.utf8(), Duration.ofMillis(20)));
        try (Receiver<String> receiver = Ipc.receiver(NAMED, Codecs.utf8());
                Sender<String> sender = Ipc.trySender(NAMED, Codecs.utf8(), Duration.ofSeconds(20))) {
            assertNotNull(sender);
            sender.send("timely");
            assertEquals("timely", receiver.receive());
        }
    }

    @Test
    void inspectionDisturbsNobody() throws Exception {
        Ipc.create(NAMED.with("capacity", "8k"));
        Map<String, Object> alone = Ipc.inspect(NAMED);
        assertEquals(List.of(), alone.get("receivers"));
        assertFalse(alone.containsKey("waiting"), "there is no pipe while nobody has it open");
        long self = ProcessHandle.current().pid();
        try (Receiver<String> receiver = Ipc.receiver(NAMED, Codecs.utf8());
                Sender<String> sender = Ipc.sender(NAMED, Codecs.utf8())) {
            sender.send("x");
            Map<String, Object> facts = Ipc.inspect(NAMED);
            assertEquals(List.of(self), facts.get("receivers"));
            assertEquals(List.of(self), facts.get("senders"));
            assertEquals(8192, facts.get("capacity"));
            assertTrue((int) facts.get("waiting") > 0);
            assertEquals("framed", facts.get("framing"));
            assertEquals("many-senders", facts.get("sharing"));
            assertEquals("kept", facts.get("lifetime"));
            assertEquals(self, facts.get("owner"));
            assertEquals(true, facts.get("owner alive"));
            assertEquals(false, facts.get("stale"));
            assertEquals("0600", facts.get("mode"));
            assertEquals("x", receiver.receive());
            assertNull(receiver.tryReceive(), "an inspection is no end of the stream");
        }
        assertEquals(
                Errno.ENOENT,
                assertThrows(OsException.class, () -> Ipc.inspect(Address.of("fifo:transport-none")))
                        .errno());
    }

    @Test
    void settingsAreTheParametersOfTheCreation() throws Exception {
        Scheme fifo = Ipc.scheme("fifo");
        assertEquals(Map.of(), fifo.settings(NAMED));
        assertEquals(Map.of(), fifo.settings(Address.of("fifo:/no/such/directory/f")));
        Ipc.create(NAMED.with("framing", "line").with("sharing", "one-sender").with("capacity", "8k"));
        Map<String, String> expected = Map.of(
                "framing", "line", "sharing", "one-sender", "capacity", "8192", "max", "16777216", "mode", "0600");
        assertEquals(expected, fifo.settings(NAMED));
        assertTrue(fifo.parameters().keySet().containsAll(expected.keySet()));
        Address again = NAMED;
        for (Map.Entry<String, String> setting : fifo.settings(NAMED).entrySet()) {
            again = again.with(setting.getKey(), setting.getValue());
        }
        FifoOptions options = Fifo.open(NAMED).options();
        assertTrue(Ipc.remove(NAMED));
        Ipc.create(again);
        assertEquals(options, Fifo.open(NAMED).options(), "they say all that there is to say");
    }

    @Test
    void anObjectMadeForAnotherProcessIsStaleWhenThatOneIsDead() throws Exception {
        Scheme fifo = Ipc.scheme("fifo");
        Process sleep = new ProcessBuilder("sleep", "60").start();
        try {
            Ipc.create(NAMED.with("owned", Long.toString(sleep.pid())));
            assertEquals(List.of(sleep.pid()), fifo.users(NAMED));
            ObjectInfo owned = info();
            assertEquals(sleep.pid(), owned.owner().pid());
            assertEquals(Lifetime.OWNED, owned.lifetime());
            assertEquals(ObjectInfo.State.IDLE, owned.state());
            assertEquals(List.of(), fifo.removeStale(false));
        } finally {
            sleep.destroyForcibly().waitFor();
        }
        assertEquals(ObjectInfo.State.STALE, info().state());
        assertEquals(List.of(), fifo.users(NAMED));
        AddressException e =
                assertThrows(AddressException.class, () -> Ipc.create(NAMED.with("owned", Long.toString(sleep.pid()))));
        assertTrue(e.getMessage().contains("no process " + sleep.pid()), e.getMessage());
        assertEquals(Removal.Outcome.REMOVED, fifo.removeStale(true).get(0).outcome());
        assertTrue(Ipc.exists(NAMED));
        assertEquals(NAMED, fifo.removeStale(false).get(0).address());
        assertFalse(Ipc.exists(NAMED));
    }

    private static ObjectInfo info() throws Exception {
        return Ipc.scheme("fifo").survey().objects().stream()
                .filter(one -> one.address().equals(NAMED))
                .findAny()
                .orElseThrow();
    }

    @Test
    void whatIsThereIsNotCreatedAgain() throws Exception {
        Ipc.create(NAMED.with("owned", "false"));
        assertEquals(Lifetime.KEPT, info().lifetime());
        assertEquals(
                Errno.EEXIST,
                assertThrows(OsException.class, () -> Ipc.create(NAMED)).errno());
    }

    @Test
    void badParametersAreRefusedNamingThem() {
        for (String bad : List.of(
                "sharing=all",
                "mode=999",
                "mode=07777",
                "capacity=8g",
                "owner=-1",
                "owned=0",
                "owned=-5",
                "owned=9999999999",
                "framing=frame",
                "max=0",
                "size=1")) {
            AddressException e =
                    assertThrows(AddressException.class, () -> Ipc.create(Address.of("fifo:transport-test?" + bad)));
            assertTrue(e.getMessage().contains(bad.substring(0, bad.indexOf('='))), e.getMessage());
        }
        assertThrows(AddressException.class, () -> Ipc.create(Address.of("fifo:4711")));
    }

    @Test
    void capabilitiesAreToldPerSharing() throws Exception {
        assertTrue(Ipc.scheme("fifo").capabilities().contains(Capability.MANY_SENDERS));
        Ipc.create(NAMED.with("sharing", "packets"));
        try (Receiver<String> receiver = Ipc.receiver(NAMED, Codecs.utf8())) {
            assertTrue(receiver.capabilities().contains(Capability.MANY_RECEIVERS));
        }
    }
}

package org.jvmipc.sockets;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.jvmipc.Address;
import org.jvmipc.AddressException;
import org.jvmipc.Codecs;
import org.jvmipc.Connection;
import org.jvmipc.Ipc;
import org.jvmipc.Listener;
import org.jvmipc.OsException;
import org.jvmipc.Receiver;
import org.jvmipc.Sender;
import org.jvmipc.UnsupportedMechanismException;
import org.jvmipc.testkit.Await;
import org.jvmipc.testkit.NoLeaks;

/** Datagrams by address. */
@ExtendWith(NoLeaks.class)
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class UdpTransportTest implements NoLeaks.WarmUp {
    @Override
    public void warmUp() throws Exception {
        aListenerAndAConnection();
    }

    @ParameterizedTest
    @ValueSource(strings = {"udp://127.0.0.1:0?max=2000", "udp://[::1]:0?max=2000", "udp://localhost:0?max=2000"})
    void aSenderAndAReceiverMeetAtTheAddress(String place) throws Exception {
        try (Receiver<String> receiver = Ipc.receiver(place, Codecs.utf8());
                Sender<String> sender = Ipc.sender(receiver.address(), Codecs.utf8())) {
            assertEquals("2000", receiver.address().parameter("max"));
            sender.send("hello");
            assertEquals("hello", receiver.tryReceive(Await.LONG));
            assertEquals(receiver.address(), sender.address());
            assertTrue(Ipc.exists(sender.address()));
            assertTrue(Ipc.list("udp").contains(sender.address().withoutParameters()));
        }
    }

    @Test
    void aListenerAndAConnection() throws Exception {
        try (Listener<String> server = Ipc.listener("udp://127.0.0.1:0?backlog=2&sources=3&idle=5s", Codecs.utf8());
                Connection<String> client = Ipc.connection(server.address(), Codecs.utf8())) {
            client.send("hello");
            try (Connection<String> peer = server.accept()) {
                peer.send("got " + peer.receive());
            }
            assertEquals("got hello", client.tryReceive(Await.LONG));
        }
    }

    @Test
    void inspectTellsWhoHasThePortAndWhatWaits() throws Exception {
        Address place;
        try (Receiver<String> receiver = Ipc.receiver("udp://127.0.0.1:0?receive-buffer=4k", Codecs.utf8());
                Sender<String> sender = Ipc.sender(receiver.address(), Codecs.utf8())) {
            place = receiver.address();
            assertEquals(0L, Ipc.inspect(place).get("waiting"));
            for (int i = 0; i < 100; i++) {
                sender.send("x".repeat(1000));
            }
            Map<String, Object> facts = Ipc.inspect(place);
            long self = ProcessHandle.current().pid();
            assertEquals(List.of(self), facts.get("processes"));
            assertEquals(List.of(), Ipc.scheme(place).users(place), "this process is not among them");
            assertTrue(Ipc.list("udp").contains(place.withoutParameters()));
            assertTrue((long) facts.get("waiting") > 0, facts.toString());
            assertTrue((long) facts.get("dropped") > 0, facts.toString());
        }
        assertFalse(Ipc.exists(place));
        assertFalse(Ipc.list("udp").contains(place.withoutParameters()));
        assertThrows(OsException.class, () -> Ipc.inspect(place));
    }

    @Test
    void badAddressesAreRefused() {
        for (String bad : List.of(
                "udp:name",
                "udp:/path",
                "udp://127.0.0.1:9?max=0",
                "udp://127.0.0.1:9?max=70000",
                "udp://127.0.0.1:9?framing=line",
                "udp://192.0.2.1:9",
                "udp://127.0.0.1:9?insecure=perhaps")) {
            AddressException refused = assertThrows(
                    AddressException.class, () -> Ipc.receiver(bad, Codecs.utf8()), () -> bad + " was not refused");
            assertNotNull(refused.getMessage());
        }
        assertThrows(AddressException.class, () -> Ipc.sender("udp://127.0.0.1:0", Codecs.utf8()));
        assertThrows(AddressException.class, () -> Ipc.listener("udp://127.0.0.1:0?backlog=0", Codecs.utf8()));
    }

    @Test
    void aPortIsNeitherCreatedNorRemoved() {
        Address place = Address.of("udp://127.0.0.1:9");
        assertThrows(UnsupportedMechanismException.class, () -> Ipc.create(place));
        assertThrows(UnsupportedMechanismException.class, () -> Ipc.remove(place));
    }
}

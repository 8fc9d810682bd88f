package org.jvmipc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.FileNotFoundException;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class IpcTest {
    @Test
    void opensSenderAndReceiverByAddress() throws Exception {
        Address address = Address.of("ipctest:pair");
        try (Sender<String> out = Ipc.sender(address, Codecs.utf8());
                Receiver<String> in = Ipc.receiver(address, Codecs.utf8())) {
            out.send("hello");
            assertEquals("hello", in.receive());
            assertNull(in.tryReceive());
        }
    }

    @Test
    void opensSenderAndReceiverByText() throws Exception {
        try (Sender<Long> out = Ipc.sender("ipctest:text", Codecs.int64());
                Receiver<Long> in = Ipc.receiver("ipctest:text", Codecs.int64())) {
            out.send(42L);
            assertEquals(42L, in.receive());
        }
    }

    @Test
    void opensAConnection() throws Exception {
        try (Connection<String> one = Ipc.connection("ipctest:both", Codecs.utf8());
                Connection<String> other = Ipc.connection(Address.of("ipctest:both"), Codecs.utf8())) {
            one.send("hello");
            assertEquals("hello", other.receive());
        }
    }

    @Test
    void createsFindsListsInspectsAndRemoves() throws Exception {
        Address address = Address.of("ipcteststub:thing?capacity=64k");
        Address canonical = Ipc.create(address);
        assertEquals(Address.of("ipcteststub:thing"), canonical);
        assertTrue(Ipc.exists(canonical));
        assertEquals(List.of(canonical), Ipc.list("ipcteststub"));
        assertEquals(Map.of("capacity", 65_536L), Ipc.inspect(address));
        assertTrue(Ipc.remove(canonical));
        assertFalse(Ipc.remove(canonical));
        assertFalse(Ipc.exists(canonical));
        assertThrows(FileNotFoundException.class, () -> Ipc.inspect(canonical));
    }

    @Test
    void namesTheNearestSchemeAndThoseThereAre() {
        AddressException e = assertThrows(AddressException.class, () -> Ipc.sender("ipctset:x", Codecs.bytes()));
        assertEquals("ipctset:x", e.value());
        assertEquals("ipctest:", e.suggestion());
        assertTrue(e.reason().startsWith("unknown scheme ipctset (known: "), e.reason());
        assertTrue(e.reason().contains("ipctest, ipcteststub"), e.reason());
    }

    @Test
    void suggestsNothingForASchemeLikeNoOther() {
        AddressException e = assertThrows(AddressException.class, () -> Ipc.list("zzzzzzzzzz"));
        assertNull(e.suggestion());
    }

    @Test
    void refusesAParameterThatTheSchemeDoesNotHave() {
        Address address = Address.of("ipctest:x?capasity=1k");
        List<AddressException> errors = List.of(
                assertThrows(AddressException.class, () -> Ipc.sender(address, Codecs.bytes())),
                assertThrows(AddressException.class, () -> Ipc.receiver(address, Codecs.bytes())),
                assertThrows(AddressException.class, () -> Ipc.connection(address, Codecs.bytes())),
                assertThrows(AddressException.class, () -> Ipc.create(address)),
                assertThrows(AddressException.class, () -> Ipc.exists(address)),
                assertThrows(AddressException.class, () -> Ipc.inspect(address)),
                assertThrows(AddressException.class, () -> Ipc.remove(address)));
        errors.forEach(e -> assertEquals("capacity", e.suggestion()));
    }

    @Test
    void saysThatASchemeCarriesNoMessages() {
        UnsupportedMechanismException e =
                assertThrows(UnsupportedMechanismException.class, () -> Ipc.sender("ipcteststub:x", Codecs.bytes()));
        assertTrue(e.getMessage().startsWith("ipcteststub:x: ipcteststub carries no messages"), e.getMessage());
        assertThrows(UnsupportedMechanismException.class, () -> Ipc.receiver("ipcteststub:x", Codecs.bytes()));
        assertThrows(UnsupportedMechanismException.class, () -> Ipc.connection("ipcteststub:x", Codecs.bytes()));
    }

    @Test
    void listsSchemesByAlphabet() {
        List<String> names = List.copyOf(Ipc.schemes());
        assertEquals(List.copyOf(new TreeSet<>(names)), names);
        assertTrue(names.containsAll(List.of("ipctest", "ipcteststub")));
    }

    @Test
    void handsOutOneObjectPerScheme() {
        assertInstanceOf(StubTransport.class, Ipc.scheme("ipctest"));
        assertSame(Ipc.scheme("ipctest"), Ipc.scheme("ipctest"));
    }

    @Test
    void gathersJvmArgumentsOnce() {
        List<String> arguments = Ipc.jvmArguments().stream()
                .filter(argument -> argument.startsWith("-Dipctest"))
                .toList();
        assertEquals(List.of("-Dipctest.one=1", "-Dipctest.two=2"), arguments);
    }

    @Test
    void hasNoProblemsWithTheProvidersOfTheBuild() {
        assertEquals(List.of(), Ipc.problems());
    }
}

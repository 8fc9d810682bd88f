package org.jvmipc.shm.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.jvmipc.Address;
import org.jvmipc.AddressException;
import org.jvmipc.Codecs;
import org.jvmipc.Ipc;
import org.jvmipc.UnsupportedMechanismException;

/** File locks by address. */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LockSchemeTest {
    @TempDir
    Path directory;

    @Test
    void createsListsInspectsAndRemovesByName() throws Exception {
        Address address = Ipc.create(Address.of("lock:scheme-test?mode=0640&owned"));
        try {
            assertEquals(Address.of("lock:scheme-test"), address);
            assertTrue(Ipc.exists(address));
            assertTrue(Ipc.list("lock").contains(address));
            assertEquals(Map.of("mode", "0640"), Ipc.scheme("lock").settings(address));
            Map<String, Object> facts = Ipc.inspect(address);
            assertEquals("no", facts.get("held"));
            assertEquals("owned", facts.get("lifetime"));
            assertEquals(false, facts.get("stale"));
        } finally {
            assertTrue(Ipc.remove(address));
        }
        assertFalse(Ipc.exists(address));
        assertFalse(Ipc.list("lock").contains(address));
    }

    @Test
    void tellsWhoHoldsIt() throws Exception {
        Path file = Files.createFile(directory.resolve("x"));
        Address address = Address.of("lock", file.toString());
        try (FileMutex mutex = FileMutex.open(address)) {
            try (Hold hold = mutex.lock()) {
                assertNotNull(hold);
                Map<String, Object> facts = Ipc.inspect(address);
                assertEquals("exclusive", facts.get("held"));
                assertEquals(ProcessHandle.current().pid(), facts.get("holder"));
                assertNotNull(facts.get("since"));
            }
            try (Hold hold = mutex.lockShared()) {
                assertNotNull(hold);
                assertEquals("shared", Ipc.inspect(address).get("held"));
            }
        }
        assertEquals("no", Ipc.inspect(address).get("held"));
        assertTrue(Ipc.remove(address));
    }

    @Test
    void carriesNoMessagesAndKnowsItsParameters() {
        Address address = Address.of("lock:scheme-test");
        assertThrows(UnsupportedMechanismException.class, () -> Ipc.sender(address, Codecs.utf8()));
        assertThrows(AddressException.class, () -> Ipc.create(Address.of("lock:scheme-test?mod=0600")));
        assertThrows(AddressException.class, () -> Ipc.create(Address.of("lock:scheme-test?mode=9")));
    }
}

package org.jvmipc.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.jvmipc.testkit.Await;

@Timeout(30)
class ProcessIdentityTest {
    private static final ProcessIdentity SELF = ProcessIdentity.self();

    @Test
    void knowsThisProcess() {
        assertEquals(ProcessHandle.current().pid(), SELF.pid());
        assertTrue(SELF.isAlive());
        assertEquals(SELF, ProcessIdentity.of(SELF.pid()));
    }

    @Test
    void survivesItsTextForm() {
        assertEquals(SELF, ProcessIdentity.parse(SELF.toString()));
        for (String text : new String[] {"", "1", "1:2:x", "-1:2::3", "1:2:zz:3", SELF + " ", "0:0::0"}) {
            assertThrows(IllegalArgumentException.class, () -> ProcessIdentity.parse(text), text);
        }
    }

    @Test
    void isNoLaterBearerOfTheNumber() {
        assertFalse(
                new ProcessIdentity(SELF.pid(), SELF.startTime() + 1, SELF.bootId(), SELF.pidNamespace()).isAlive());
    }

    @Test
    void isDeadAfterARestart() {
        assertFalse(new ProcessIdentity(SELF.pid(), SELF.startTime(), "other", SELF.pidNamespace()).isAlive());
    }

    @Test
    void cannotBeProvenDeadFromAnotherNamespace() {
        assertTrue(new ProcessIdentity(SELF.pid(), 1, SELF.bootId(), SELF.pidNamespace() + 1).isAlive());
        assertFalse(new ProcessIdentity(SELF.pid(), 1, SELF.bootId(), 0).isAlive());
    }

    @Test
    void isNotProvenDeadByABootThatItDidNotKnow() {
        assertTrue(new ProcessIdentity(SELF.pid(), SELF.startTime(), "", SELF.pidNamespace()).isAlive());
        assertFalse(new ProcessIdentity(SELF.pid(), SELF.startTime() + 1, "", SELF.pidNamespace()).isAlive());
    }

    @Test
    void ofNobodyIsNull() {
        assertNull(ProcessIdentity.of(Integer.MAX_VALUE));
    }

    @Test
    void aZombieIsDead() throws Exception {
        // The shell becomes the sleeper, which does not wait for the child it was left.
        Process sleeper = new ProcessBuilder("sh", "-c", "sh -c 'exit 0' & exec sleep 30").start();
        try {
            Await.until(
                    "the sleeper has an ended child",
                    () -> ProcFs.stat(sleeper.pid()) != null && zombieOf(sleeper.pid()) != null);
            ProcessIdentity zombie = zombieOf(sleeper.pid());
            assertNotNull(zombie);
            assertFalse(zombie.isAlive());
        } finally {
            sleeper.destroyForcibly().waitFor();
        }
    }

    private static ProcessIdentity zombieOf(long parent) {
        for (long pid : ProcessHandle.of(parent)
                .orElseThrow()
                .children()
                .mapToLong(ProcessHandle::pid)
                .toArray()) {
            ProcFs.Stat stat = ProcFs.stat(pid);
            if (stat != null && stat.state() == 'Z') {
                return ProcessIdentity.of(pid);
            }
        }
        return null;
    }

    @Test
    void countsFieldsAfterANameOfAnyCharacters() {
        String line = "7 (a) Z (1 2) 3) S 5 6 7 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 4242 1 2";
        assertEquals(new ProcFs.Stat(7, 'S', 5, 6, 4242), ProcFs.parse(7, line));
        assertNull(ProcFs.parse(7, ""));
        assertNull(ProcFs.parse(7, "7 (cut"));
        assertNull(ProcFs.parse(7, "7 (cut) S 1 2"));
    }
}

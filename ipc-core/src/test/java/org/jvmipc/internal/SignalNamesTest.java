package org.jvmipc.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class SignalNamesTest {
    @Test
    void namesAndNumbersBelongTogether() {
        for (int signal = 1; signal <= SignalNames.SIGRTMAX; signal++) {
            if (signal != 32 && signal != 33) {
                assertEquals(signal, SignalNames.number(SignalNames.name(signal)));
            }
        }
        assertEquals("SIGKILL", SignalNames.name(9));
        assertEquals("SIGSYS", SignalNames.name(31));
        assertEquals("SIGRTMIN+2", SignalNames.name(36));
        assertEquals("signal 32", SignalNames.name(32));
        assertEquals("signal 0", SignalNames.name(0));
    }

    @Test
    void understandsUsualSpellings() {
        assertEquals(9, SignalNames.number("kill"));
        assertEquals(15, SignalNames.number("SigTerm"));
        assertEquals(10, SignalNames.number("10"));
        assertEquals(62, SignalNames.number("SIGRTMAX-2"));
        assertEquals(34, SignalNames.number("RTMAX-30"));
        for (String name : new String[] {"", "SIG", "0", "65", "NOPE", "RTMIN+31", "RTMIN-1", "RTMAX+1", "RTMINX"}) {
            assertThrows(IllegalArgumentException.class, () -> SignalNames.number(name), name);
        }
    }

    @Test
    void beyondTheRealTimeRangeIsNoOtherSignal() {
        for (String name : new String[] {
            "RTMAX-31",
            "RTMAX-55",
            "RTMIN+4294967295",
            "RTMIN+4294967262",
            "RTMIN+99999999999",
            "RTMIN++1",
            "RTMAX--1",
            "RTMIN+",
            "RTMIN+-1"
        }) {
            IllegalArgumentException e =
                    assertThrows(IllegalArgumentException.class, () -> SignalNames.number(name), name);
            assertTrue(e.getMessage().contains("RTMIN to RTMIN+30"), e.getMessage());
        }
    }
}

package org.jvmipc.signals;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.jvmipc.signals.PosixSignal.DefaultAction;

@Timeout(10)
class PosixSignalTest {
    @ParameterizedTest
    @CsvSource({
        "HUP, 1", "SIGINT, 2", "term, 15", "sigusr1, 10", "RTMIN, 34", "RTMIN+0, 34", "SIGRTMIN+1, 35", "rtmin+30, 64",
        "RTMAX, 64", "RTMAX-0, 64", "RTMAX-29, 35", "9, 9", "64, 64", "32, 32", "SYS, 31", "STKFLT, 16"
    })
    void readsNamesAndNumbers(String text, int number) {
        assertEquals(number, PosixSignal.of(text).number());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "SIG", "FOO", "0", "65", "-1", "RTMIN+31", "RTMIN-1", "RTMAX+1", "RTMAX-64", "RTMIN+", "1x"})
    void refusesWhatIsNone(String text) {
        assertThrows(IllegalArgumentException.class, () -> PosixSignal.of(text));
    }

    @Test
    void refusesNumbersThatAreNone() {
        for (int number : new int[] {Integer.MIN_VALUE, -1, 0, 65, Integer.MAX_VALUE}) {
            IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> PosixSignal.of(number));
            assertTrue(e.getMessage().contains("" + number), e.getMessage());
        }
        assertThrows(IllegalArgumentException.class, () -> PosixSignal.realTime(-1));
        assertThrows(IllegalArgumentException.class, () -> PosixSignal.realTime(31));
    }

    @Test
    void whatIsPrintedIsReadBack() {
        Set<String> names = new HashSet<>();
        for (PosixSignal signal : PosixSignal.all()) {
            assertEquals(signal, PosixSignal.of(signal.name()));
            assertTrue(names.add(signal.name()));
        }
        assertEquals(64, names.size());
        assertEquals("RTMIN+1", PosixSignal.of(35).name());
        assertEquals("SIGRTMIN+1", PosixSignal.of(35).toString());
        assertEquals("RTMIN+30", PosixSignal.RTMAX.name());
        assertEquals("32", PosixSignal.of(32).name());
    }

    @Test
    void whatNobodyElseCanHaveIsRefusedWithAReason() {
        List<Integer> refused = List.of(3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 16, 19, 25, 32, 33, 62);
        for (PosixSignal signal : PosixSignal.all()) {
            assertEquals(!refused.contains(signal.number()), signal.isReceivable(), signal::toString);
            if (signal.isReceivable()) {
                assertNull(signal.refusal());
            } else {
                assertNotNull(signal.refusal());
            }
            assertFalse(signal.jvmUse().isEmpty());
        }
    }

    @Test
    void defaultActionsAreThoseOfTheManual() {
        assertEquals(DefaultAction.TERMINATE, PosixSignal.TERM.defaultAction());
        assertEquals(DefaultAction.CORE, PosixSignal.QUIT.defaultAction());
        assertEquals(DefaultAction.IGNORE, PosixSignal.CHLD.defaultAction());
        assertEquals(DefaultAction.CONTINUE, PosixSignal.CONT.defaultAction());
        assertEquals(DefaultAction.STOP, PosixSignal.STOP.defaultAction());
        for (int n = 0; n <= 30; n++) {
            assertEquals(DefaultAction.TERMINATE, PosixSignal.realTime(n).defaultAction());
            assertTrue(PosixSignal.realTime(n).isRealTime());
        }
        assertFalse(PosixSignal.USR1.isRealTime());
    }
}

package org.jvmipc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.jvmipc.internal.Suggestions;

@Timeout(60)
class SuggestionsTest {
    private static final List<String> WORDS = List.of(
            "send",
            "recv",
            "listen",
            "ls",
            "rm",
            "sem",
            "demo",
            "inspect",
            "fifo",
            "pipe",
            "capacity",
            "framing",
            "tcp");

    @ParameterizedTest
    @CsvSource({
        "sned, send",
        "fifi, fifo",
        "fif, fifo",
        "ffifo, fifo",
        "FIFO, fifo",
        "capactiy, capacity",
        "capasitty, capacity",
        "insepct, inspect",
        "tpc, tcp",
        "sl, ls",
        "rn, rm",
        "semd, sem"
    })
    void findsTheNearestWord(String typed, String meant) {
        assertEquals(meant, Suggestions.nearest(typed, WORDS));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "zz", "xyz", "framboise", "completely", "sendmail", "1234"})
    void findsNothingForWhatIsNotNear(String typed) {
        assertNull(Suggestions.nearest(typed, WORDS));
    }

    @Test
    void completesTheBeginningOfOneWord() {
        assertEquals("capacity", Suggestions.nearest("cap", WORDS));
    }

    @Test
    void completesNoBeginningOfSeveralWords() {
        assertNull(Suggestions.nearest("ring", List.of("ringmaster", "ringleader")));
    }

    @Test
    void takesTheFirstByAlphabetOfEquallyNearWords() {
        assertEquals("bat", Suggestions.nearest("xat", List.of("cat", "bat", "rat")));
    }

    @Test
    void findsNothingAmongNoWords() {
        assertNull(Suggestions.nearest("send", List.of()));
    }

    @Test
    void doesNotSpendTimeOnEndlessWords() {
        assertNull(Suggestions.nearest("a".repeat(10_000_000), WORDS));
    }
}

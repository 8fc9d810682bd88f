package org.jvmipc.internal.registry;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class EscapesTest {
    private static String encode(String text) {
        StringBuilder target = new StringBuilder();
        Escapes.append(target, text);
        return target.toString();
    }

    @Test
    void writesWhatIsNotPrintableAsBytesOfUtf8() {
        assertEquals("", encode(""));
        assertEquals("a=b!~", encode("a=b!~"));
        assertEquals("%25%20%0A%7F%00", encode("% \n\u007f\0"));
        assertEquals("%C3%BC%E2%82%AC%F0%9F%98%80", encode("\u00fc\u20ac\ud83d\ude00"));
    }

    @Test
    void readsWhatItWrites() {
        Random random = new Random(7);
        for (int i = 0; i < 2_000; i++) {
            String text = random.ints(random.nextInt(20), 1, 0x11_0000)
                    .filter(c -> c < Character.MIN_SURROGATE || c > Character.MAX_SURROGATE)
                    .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                    .toString();
            assertEquals(text, Escapes.decode(encode(text)));
        }
    }

    @Test
    void readsDigitsOfEitherCaseAndWhatNeedNotBeEscaped() {
        assertEquals("\u00fcA", Escapes.decode("%c3%Bc%41"));
    }

    @Test
    void refusesWhatIsNoEncodedText() {
        for (String encoded : new String[] {
            " ",
            "a b",
            "\t",
            "\n",
            "\u007f",
            "\u00fc",
            "\u001b[31m", // not printable
            "%",
            "%2",
            "a%",
            "%zz",
            "%2z",
            "%-1",
            "%+1",
            "%\uff12\uff10", // not escapes
            "%FF",
            "%C3",
            "%C3A",
            "%C0%80",
            "%ED%A0%80",
            "%F4%90%80%80" // not UTF-8
        }) {
            IllegalArgumentException error =
                    assertThrows(IllegalArgumentException.class, () -> Escapes.decode(encoded), encoded);
            assertTrue(error.getMessage().chars().noneMatch(c -> c < ' ' || c == 0x7f), error.getMessage());
        }
    }

    @Test
    void onlyTextThatTheOperatingSystemCanTakeMayBeWritten() {
        assertDoesNotThrow(() -> Escapes.requireText("\ud83d\ude00 \n"));
        assertThrows(IllegalArgumentException.class, () -> Escapes.requireText("a\0"));
        assertThrows(IllegalArgumentException.class, () -> Escapes.requireText("\ud83d"));
        assertThrows(IllegalArgumentException.class, () -> Escapes.requireText("\ude00\ud83d"));
    }
}

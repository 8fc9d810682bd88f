package org.jvmipc.cli.frame;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class PaletteTest {
    private static final int NOT_A_TERMINAL = 9999;
    private static final Map<String, String> XTERM = Map.of("TERM", "xterm");

    private static String paint(Palette.Mode mode, Map<String, String> environment) {
        return Palette.of(mode, NOT_A_TERMINAL, environment).paint(Palette.Meaning.GOOD, "PASS");
    }

    @Test
    void coloursOnlyATerminal() {
        assertEquals("PASS", paint(Palette.Mode.AUTO, XTERM));
    }

    @Test
    void coloursWhenTold() {
        assertEquals("\u001b[32;1mPASS\u001b[0m", paint(Palette.Mode.ALWAYS, Map.of("NO_COLOR", "1")));
        assertEquals("PASS", paint(Palette.Mode.NEVER, XTERM));
    }
}

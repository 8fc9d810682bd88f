package org.jvmipc.process;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class TailKeeperTest {
    private final TailKeeper tail = new TailKeeper(StandardCharsets.UTF_8);

    private void add(String text) {
        for (byte each : text.getBytes(StandardCharsets.UTF_8)) {
            tail.add(ByteBuffer.wrap(new byte[] {each}));
        }
    }

    @Test
    void keepsLinesWhateverTheChunks() {
        add("one\r\n\ntwo \u20ac\nopen");
        assertEquals(List.of("one", "", "two \u20ac", "open"), tail.lines());
    }

    @Test
    void keepsTheLastLines() {
        for (int i = 0; i < 1000; i++) {
            add(i + "\n");
        }
        assertEquals(TailKeeper.MAX_LINES, tail.lines().size());
        assertEquals("800", tail.lines().get(0));
        assertEquals("999", tail.lines().get(199));
    }

    @Test
    void keepsNoMoreThanItsBytes() {
        for (int i = 0; i < 100; i++) {
            add("x".repeat(999) + "\n");
        }
        assertEquals(65, tail.lines().size());
    }

    @Test
    void keepsTheBeginningOfALongLine() {
        add("x".repeat(100_000) + "\nnext\n");
        assertEquals(List.of("x".repeat(TailKeeper.MAX_LINE_BYTES), "next"), tail.lines());
    }
}

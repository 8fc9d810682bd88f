package org.jvmipc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.jvmipc.internal.Units;

@Timeout(60)
class UnitsTest {
    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "512, 512",
        "64k, 65536",
        "64K, 65536",
        "16m, 16777216",
        "16M, 16777216",
        "1g, 1073741824",
        "1G, 1073741824",
        "9223372036854775807, 9223372036854775807",
        "8589934591g, 9223372035781033984"
    })
    void readsSizesInPowersOf1024(String text, long bytes) {
        assertEquals(bytes, Units.parseSize(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "k", "-1", "+1", "1.5k", "64kb", "64 k", " 64k", "64x", "0x10", "\u0664k"})
    void refusesWhatIsNoSize(String text) {
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> Units.parseSize(text));
        assertTrue(e.getMessage().startsWith("\"" + text + "\" is no size"), e.getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"9223372036854775808", "8589934592g", "9007199254740992k", "99999999999999999999999"})
    void refusesASizeThatOverflows(String text) {
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> Units.parseSize(text));
        assertTrue(e.getMessage().startsWith("\"" + text + "\" is too large"), e.getMessage());
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "1, 1",
        "1023, 1023",
        "1024, 1k",
        "65537, 65537",
        "1048576, 1m",
        "1536, 1536",
        "2199023255552, 2048g"
    })
    void writesSizesExactly(long bytes, String text) {
        assertEquals(text, Units.formatSize(bytes));
    }

    @Test
    void refusesToWriteANegativeSize() {
        assertThrows(IllegalArgumentException.class, () -> Units.formatSize(-1));
    }

    @Test
    void readsBackEverySizeThatItWrites() {
        Random random = new Random(1);
        for (int i = 0; i < 100_000; i++) {
            long bytes = random.nextLong() >>> (1 + random.nextInt(63)) << random.nextInt(11) & Long.MAX_VALUE;
            assertEquals(bytes, Units.parseSize(Units.formatSize(bytes)));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "0, PT0S",
        "0s, PT0S",
        "5ns, PT0.000000005S",
        "100us, PT0.0001S",
        "200ms, PT0.2S",
        "5s, PT5S",
        "1m, PT1M",
        "1h, PT1H",
        "2d, PT48H",
        "106751d, PT2562024H"
    })
    void readsDurations(String text, Duration duration) {
        assertEquals(duration, Units.parseDuration(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "5", "s", "-5s", "1.5s", "5 s", "5S", "5sec", "1m30s", "00"})
    void refusesWhatIsNoDuration(String text) {
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> Units.parseDuration(text));
        assertTrue(e.getMessage().startsWith("\"" + text + "\" is no duration"), e.getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"106752d", "9223372036854775808ns", "99999999999999999999s"})
    void refusesADurationThatOverflows(String text) {
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> Units.parseDuration(text));
        assertTrue(e.getMessage().startsWith("\"" + text + "\" is too long"), e.getMessage());
    }

    @ParameterizedTest
    @CsvSource({
        "PT0S, 0s",
        "PT0.2S, 200ms",
        "PT1M30S, 90s",
        "PT2M, 2m",
        "PT24H, 1d",
        "PT25H, 25h",
        "PT0.0000015S, 1500ns"
    })
    void writesDurationsExactly(Duration duration, String text) {
        assertEquals(text, Units.formatDuration(duration));
    }

    @Test
    void readsBackEveryDurationThatItWrites() {
        Random random = new Random(2);
        for (int i = 0; i < 100_000; i++) {
            Duration duration = Duration.ofNanos(random.nextLong() >>> (1 + random.nextInt(63)));
            assertEquals(duration, Units.parseDuration(Units.formatDuration(duration)));
        }
    }

    @Test
    void writesAnEndlessDurationAsTheLongestOne() {
        Duration longest = Duration.ofNanos(Long.MAX_VALUE);
        assertEquals(longest, Units.parseDuration(Units.formatDuration(Duration.ofSeconds(Long.MAX_VALUE))));
    }

    @Test
    void refusesToWriteANegativeDuration() {
        assertThrows(IllegalArgumentException.class, () -> Units.formatDuration(Duration.ofNanos(-1)));
    }
}

package org.jvmipc.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code ipc demo udp} as a process with children of its own. */
@Timeout(240)
class UdpDemoIT {
    private static JsonObject passed(String... options) throws Exception {
        List<String> line = new ArrayList<>(List.of("demo", "--json", "udp"));
        line.addAll(List.of(options));
        String text = IpcProcess.run(line.toArray(new String[0])).expect(0).out();
        assertEquals("ipc.demo/1", JsonSchema.check(text.strip()));
        JsonObject report = JsonParser.parseString(text).getAsJsonObject();
        assertEquals("PASS", report.get("verdict").getAsString(), text);
        assertEquals(0, report.get("leftovers").getAsLong());
        return report;
    }

    private static long number(JsonObject of, String name) {
        return of.get(name).getAsLong();
    }

    @Test
    void whatIsMissingIsWhatTheLinkHasLost() throws Exception {
        JsonObject report = passed("-n", "3000", "--loss", "30%", "--reorder", "30%", "--dup", "10%", "--seed", "7");
        assertEquals(3000, number(report, "sent"));
        assertEquals(3000, number(report, "received") + number(report, "lost"));
        JsonObject facts = report.getAsJsonObject("facts");
        assertEquals(7, number(facts, "seed"));
        assertTrue(number(facts, "link_lost") > 600, facts.toString());
        if (number(facts, "dropped_by_kernel") == 0) {
            assertEquals(number(facts, "link_lost"), number(report, "lost"));
            assertEquals(number(facts, "link_duplicated"), number(report, "duplicated"));
            assertEquals(number(facts, "link_reordered"), number(report, "reordered"));
        }
    }

    @Test
    void theSameSeedMakesTheSameFaults() throws Exception {
        JsonObject one = passed("-n", "500", "--loss", "20%", "--corrupt", "5%", "--seed", "3");
        JsonObject other = passed("-n", "500", "--loss", "20%", "--corrupt", "5%", "--seed", "3");
        for (String fact : List.of("link_lost", "link_corrupted")) {
            assertEquals(
                    number(one.getAsJsonObject("facts"), fact), number(other.getAsJsonObject("facts"), fact), fact);
        }
        assertTrue(number(one, "corrupt") > 0, one.toString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--loss 0%",
                "--loss 100% -n 50",
                "--delay 100ms -n 200",
                "-s 65479 -n 100",
                "-n 1",
                "--slow -n 300"
            })
    void theLawHolds(String options) throws Exception {
        passed(options.split(" ", -1));
    }

    @Test
    void nobodyIsToldOfADeath() throws Exception {
        JsonObject report = passed("--kill-after", "100ms");
        JsonObject facts = report.getAsJsonObject("facts");
        assertTrue(number(facts, "killed_after_nanos") >= 100_000_000, facts.toString());
        assertTrue(report.getAsJsonArray("peers").toString().contains("SIGKILL"), report.toString());
    }
}

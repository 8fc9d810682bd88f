package org.jvmipc.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code ipc demo ring} as a process with children of its own, in a directory of its own. */
@Timeout(240)
class RingDemoIT {
    @TempDir
    private Path directory;

    private Map<String, String> home() {
        return Map.of("IPC_HOME", directory.toString());
    }

    private JsonObject passed(String options) throws Exception {
        List<String> words = new ArrayList<>(List.of("demo", "--json", "ring"));
        words.addAll(List.of(options.split(" ", -1)));
        JsonObject report = DemoProcesses.allPassed(IpcProcess.with(home(), "", "", words.toArray(new String[0]))
                        .expect(0))
                .get("ring");
        assertEquals(List.of(), DemoProcesses.left(directory));
        return report;
    }

    @ParameterizedTest
    @CsvSource({
        "-n 5000, one-to-one, 1, 1, 5000",
        "-n 5000 -c 1, one-to-one, 1, 1, 5000",
        "-n 2000 -c 4, lanes, 4, 1, 8000",
        "-n 2000 --kind lanes, lanes, 2, 1, 4000",
        "-n 2000 --kind broadcast, broadcast, 1, 2, 4000",
        "-n 2000 --kind broadcast -c 4, broadcast, 1, 4, 8000",
        "-n 2000 -s 0 -c 4, lanes, 4, 1, 8000",
        "-n 200 -s 64k --kind broadcast, broadcast, 1, 2, 400",
        "-n 2000 --slow --capacity 1k --seed 5, one-to-one, 1, 1, 2000"
    })
    void eachKindBringsAll(String options, String kind, int producers, int consumers, long messages) throws Exception {
        JsonObject report = passed(options);
        assertEquals(messages, report.get("sent").getAsLong());
        assertEquals(messages, report.get("received").getAsLong());
        assertEquals(1 + producers + consumers, report.get("processes").getAsInt());
        JsonObject facts = report.getAsJsonObject("facts");
        assertEquals(kind, facts.get("kind").getAsString());
        assertEquals(producers, facts.get("producers").getAsInt());
        assertEquals(consumers, facts.get("consumers").getAsInt());
        for (JsonElement each : facts.getAsJsonArray("per_consumer")) {
            long received = each.getAsJsonObject().get("received").getAsLong();
            assertEquals(messages / consumers, received, facts.toString());
        }
        for (JsonElement end : facts.getAsJsonArray("ends")) {
            assertEquals("CLOSED", end.getAsString());
        }
        assertTrue(!options.contains("--seed") || facts.get("seed").getAsLong() == 5, facts.toString());
    }

    @Test
    void aSmallRingIsFullAndEmpty() throws Exception {
        JsonObject facts = passed("-n 2000 -s 400 --capacity 1k").getAsJsonObject("facts");
        assertEquals(1024, facts.get("capacity_bytes").getAsLong());
        assertTrue(facts.get("producers_waits").getAsLong() > 0, facts.toString());
        assertTrue(facts.get("consumers_waits").getAsLong() > 0, facts.toString());
    }

    @ParameterizedTest
    @CsvSource({
        "--kind one-to-one, producer-1, true, CLOSED",
        "-c 4, producer-1, false, DIED",
        "--kind broadcast -c 3, producer-1, true, CLOSED",
        "--kind one-to-one -s 0 --victim producer, producer-1, true, CLOSED",
        "--victim consumer, consumer-1, true, CLOSED",
        "-c 4 --victim consumer, consumer-1, true, CLOSED",
        "--kind broadcast -c 3 --victim consumer, consumer-1, false, CLOSED"
    })
    void theOthersGoOnWhenOneIsKilled(String options, String victim, boolean named, String end) throws Exception {
        JsonObject report = passed("--kill-after 300ms " + options);
        JsonObject killed = report.getAsJsonArray("peers").get(0).getAsJsonObject();
        assertEquals(victim, killed.get("role").getAsString());
        assertEquals("SIGKILL", killed.get("signal").getAsString());
        JsonObject facts = report.getAsJsonObject("facts");
        assertTrue(facts.get("killed_after_nanos").getAsLong() >= 300_000_000, facts.toString());
        assertTrue(facts.get("successor_nanos").getAsLong() > 0, facts.toString());
        assertEquals(named, facts.has("death_named_nanos"), facts.toString());
        assertEquals(end, facts.getAsJsonArray("ends").get(0).getAsString());
        boolean toOne = !options.contains("broadcast");
        long inHand = toOne ? facts.get("in_hand").getAsLong() : 0;
        assertEquals(victim.startsWith("consumer"), facts.get("in_hand").getAsLong() == 1);
        assertEquals(report.get("sent").getAsLong(), report.get("received").getAsLong() + inHand, report.toString());
    }

    @Test
    void showsItsCodeAsAllDo() throws Exception {
        String code = IpcProcess.run("demo", "all", "--show-code").expect(0).out();
        for (String name : List.of("RingParent", "RingProducer", "RingConsumer")) {
            assertTrue(code.contains("final class " + name), name);
        }
    }

    @Test
    void nothingOutlivesAnInterruptedParent() throws Exception {
        try (IpcProcess ipc = IpcProcess.start(home(), "demo", "ring", "-n", "1g", "-c", "2")) {
            DemoProcesses.interrupt(ipc, DemoProcesses.awaitChildren(ipc, 3));
        }
        assertEquals(List.of(), DemoProcesses.left(directory));
    }
}

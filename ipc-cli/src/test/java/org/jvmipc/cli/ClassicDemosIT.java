package org.jvmipc.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
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
import org.jvmipc.cli.IpcProcess.Result;

/** {@code ipc demo dining readers-writers producers-consumers} as processes with children of their own, in a directory of their own. */
@Timeout(240)
class ClassicDemosIT {
    private static final List<String> ALL = List.of("dining", "readers-writers", "producers-consumers");

    @TempDir
    private Path directory;

    private Map<String, String> home() {
        return Map.of("IPC_HOME", directory.toString());
    }

    private Map<String, JsonObject> passed(List<String> demos, String... options) throws Exception {
        List<String> words = new ArrayList<>(List.of("demo", "--json"));
        words.addAll(demos);
        words.addAll(List.of(options));
        Result result = IpcProcess.with(home(), "", "", words.toArray(new String[0]));
        Map<String, JsonObject> reports = DemoProcesses.allPassed(result.expect(0));
        assertEquals(demos, List.copyOf(reports.keySet()));
        assertEquals(List.of(), DemoProcesses.left(directory));
        return reports;
    }

    private JsonObject facts(String demo, String options) throws Exception {
        return passed(List.of(demo), options.split(" ", -1)).get(demo).getAsJsonObject("facts");
    }

    @Test
    void allIsDoneAndEachInvariantHolds() throws Exception {
        Map<String, JsonObject> reports = passed(ALL, "-n", "500");
        for (JsonObject report : reports.values()) {
            assertEquals(report.get("sent"), report.get("received"));
            for (JsonElement peer : report.getAsJsonArray("peers")) {
                assertEquals(0, peer.getAsJsonObject().get("exit").getAsInt());
            }
        }
        JsonObject dining = reports.get("dining").getAsJsonObject("facts");
        assertEquals(2500, dining.get("meals").getAsLong());
        assertEquals(5, dining.get("philosophers").getAsInt());
        assertEquals(
                0,
                dining.get("two_users").getAsLong()
                        + dining.get("neighbours_together").getAsLong());
        JsonObject record = reports.get("readers-writers").getAsJsonObject("facts");
        assertEquals(1500, record.get("reads").getAsLong());
        assertEquals(1000, record.get("version").getAsLong());
        assertEquals(3, record.get("most_readers_at_once").getAsInt());
        assertEquals(
                0,
                record.get("torn_reads").getAsLong()
                        + record.get("writer_beside_another").getAsLong());
        JsonObject buffer = reports.get("producers-consumers").getAsJsonObject("facts");
        assertEquals(1000, buffer.get("in").getAsLong());
        assertEquals(1000, buffer.get("out").getAsLong());
        assertTrue(buffer.get("producers_waits").getAsLong()
                        + buffer.get("consumers_waits").getAsLong()
                > 0);
    }

    @Test
    void allGoOnWhenOneIsKilled() throws Exception {
        for (JsonObject report :
                passed(ALL, "--kill-after", "300ms", "-n", "500").values()) {
            JsonObject victim = report.getAsJsonArray("peers").get(0).getAsJsonObject();
            assertEquals("SIGKILL", victim.get("signal").getAsString(), report.toString());
            JsonObject facts = report.getAsJsonObject("facts");
            assertTrue(facts.get("killed_after_nanos").getAsLong() >= 300_000_000, facts.toString());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "-c 2 --seed 3, 1",
        "-c 2 --seed 1, 2",
        "-c 5 --seed 3, 1",
        "-c 5 --seed 5, 2", // of the last one, who has the highest fork and the lowest
        "-c 3 --slow --seed 2, 2"
    })
    void theNeighboursOfAKilledPhilosopherHaveItsForks(String options, int forks) throws Exception {
        JsonObject facts = facts("dining", "--kill-after 50ms -n 50 " + options);
        assertEquals(forks, facts.get("forks_held").getAsInt());
        assertEquals(forks, facts.get("previous_owner_died_told").getAsInt());
        assertTrue(facts.get("hand_over_nanos").getAsLong() > 0, facts.toString());
        assertFalse(facts.getAsJsonArray("next_holders").isEmpty(), facts.toString());
    }

    @ParameterizedTest
    @CsvSource({
        "writer, -c 3 --seed 1, 1",
        "writer, -c 1 --seed 2, 1",
        "writer, -s 64k --seed 3, 1",
        "writer, -s 0 --slow --seed 4, 1",
        "reader, -c 3 --seed 1, 0",
        "reader, -c 1 --seed 2, 0",
        "reader, -c 4 --slow --seed 3, 0"
    })
    void aWriterHasTheLockOfAKilledOne(String victim, String options, int told) throws Exception {
        JsonObject facts = facts("readers-writers", "--kill-after 50ms -n 50 --victim " + victim + " " + options);
        assertEquals(victim, facts.get("killed").getAsString());
        assertEquals(told, facts.get("previous_owner_died_told").getAsInt());
        assertTrue(facts.get("hand_over_nanos").getAsLong() > 0, facts.toString());
        assertTrue(told == 1 || facts.get("readers_warned").getAsLong() == 0, facts.toString());
    }

    @ParameterizedTest
    @CsvSource({
        "producer, -c 2 --seed 1, inside",
        "producer, -c 1 --seed 2, waiting",
        "producer, -c 1 --seed 3, inside",
        "producer, -c 3 --capacity 1 --seed 2, waiting",
        "consumer, -c 2 --seed 1, waiting",
        "consumer, -c 1 --capacity 1 --seed 2, in-hand",
        "consumer, -c 2 --slow --seed 3, inside",
        "consumer, -c 2 -s 4k --seed 4, waiting"
    })
    void whatAKilledOneHadPutInComesAndNoWakeUpIsLost(String victim, String options, String when) throws Exception {
        JsonObject report = passed(
                        List.of("producers-consumers"),
                        ("--kill-after 50ms -n 50 --victim " + victim + " " + options).split(" ", -1))
                .get("producers-consumers");
        JsonObject facts = report.getAsJsonObject("facts");
        assertEquals(victim, facts.get("killed").getAsString());
        assertEquals(when, facts.get("killed_when").getAsString());
        int inHand = facts.get("in_hand").getAsInt();
        assertEquals(when.equals("in-hand") ? 1 : 0, inHand);
        assertEquals(report.get("sent").getAsLong(), report.get("received").getAsLong() + inHand);
        int told = facts.get("previous_owner_died_told").getAsInt();
        assertTrue(told == (when.equals("inside") ? 1 : 0) || told == 1 && when.equals("waiting"), facts.toString());
    }

    @Test
    void theSameSeedKillsTheSameOne() throws Exception {
        String options = "--kill-after 20ms -n 10 --seed 77";
        JsonObject one = facts("producers-consumers", options);
        JsonObject two = facts("producers-consumers", options);
        for (String fact : List.of("killed", "killed_when", "seed")) {
            assertEquals(one.get(fact), two.get(fact), fact);
        }
    }

    @Test
    void aBufferOfOnePlaceMakesAllWait() throws Exception {
        JsonObject facts = facts("producers-consumers", "-n 200 -s 0 --capacity 1");
        assertEquals(1, facts.get("places").getAsInt());
        assertTrue(facts.get("producers_waits").getAsLong() > 0, facts.toString());
        assertTrue(facts.get("consumers_waits").getAsLong() > 0, facts.toString());
    }

    @Test
    void aPhilosopherAloneIsRefused() throws Exception {
        String told = IpcProcess.with(home(), "", "", "demo", "dining", "-c", "1", "-n", "50")
                .expect(2)
                .err();
        assertTrue(told.contains("demo: dining: one philosopher has one fork at his table, and eats with two"), told);
        assertTrue(told.contains("give -c 2 or more"), told);
        assertEquals(2, facts("dining", "-c 2 -n 50").get("philosophers").getAsInt());
    }

    @Test
    void nothingOutlivesAnInterruptedParent() throws Exception {
        for (String demo : ALL) {
            try (IpcProcess ipc = IpcProcess.start(home(), "demo", demo, "-n", "1g", "-c", "2")) {
                DemoProcesses.interrupt(ipc, DemoProcesses.awaitChildren(ipc, demo.equals("dining") ? 2 : 4));
            }
            assertEquals(List.of(), DemoProcesses.left(directory));
        }
    }

    @Test
    void showsTheCodeInstead() throws Exception {
        List<String> words = new ArrayList<>(List.of("demo", "--show-code"));
        words.addAll(ALL);
        Result result = IpcProcess.run(words.toArray(new String[0])).expect(0);
        for (String type : List.of(
                "DiningParent implements Closeable",
                "Philosopher",
                "DiningTable",
                "RecordParent implements Closeable",
                "SharedRecord",
                "RecordReader",
                "RecordWriter",
                "MonitorParent implements Closeable",
                "MonitorBuffer implements Closeable",
                "MonitorProducer",
                "MonitorConsumer")) {
            assertTrue(result.out().contains("final class " + type + " {"), type);
        }
        assertFalse(result.out().contains("PASS"), result.out());
    }
}

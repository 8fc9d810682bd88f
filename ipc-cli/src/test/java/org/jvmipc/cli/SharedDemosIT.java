package org.jvmipc.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.jvmipc.cli.IpcProcess.Result;

/** {@code ipc demo shm sem mutex lock} as processes with children of their own, in a runtime directory of their own. */
@Timeout(240)
class SharedDemosIT {
    private static final List<String> ALL = List.of("shm", "sem", "mutex", "lock");

    @TempDir
    private Path directory;

    private Map<String, String> home = Map.of();

    @BeforeEach
    void chooseRuntimeDirectory() {
        home = Map.of("IPC_HOME", directory.resolve("home").toString());
    }

    private Map<String, JsonObject> passed(List<String> demos, String... options) throws Exception {
        List<String> words = new ArrayList<>(List.of("demo", "--json"));
        words.addAll(demos);
        words.addAll(List.of(options));
        Result result = IpcProcess.with(home, "", "", words.toArray(new String[0]));
        Map<String, JsonObject> reports = DemoProcesses.allPassed(result.expect(0));
        assertEquals(demos, List.copyOf(reports.keySet()));
        assertEquals(List.of(), left());
        return reports;
    }

    private JsonObject facts(String demo, String... options) throws Exception {
        return facts(passed(List.of(demo), options), demo);
    }

    private static JsonObject facts(Map<String, JsonObject> reports, String demo) {
        return reports.get(demo).getAsJsonObject("facts");
    }

    private List<String> left() throws IOException {
        return DemoProcesses.left(directory.resolve("home"));
    }

    @Test
    void allIsThereInTheEndAndNeverTwoWereInside() throws Exception {
        Map<String, JsonObject> reports = passed(ALL, "-n", "500");
        for (JsonObject report : reports.values()) {
            assertEquals(report.get("sent"), report.get("received"));
            assertTrue(report.get("sent").getAsLong() >= 1000, report.toString());
            for (JsonElement peer : report.getAsJsonArray("peers")) {
                assertEquals(0, peer.getAsJsonObject().get("exit").getAsInt());
            }
        }
        JsonObject shm = facts(reports, "shm");
        assertEquals(0, shm.get("two_holders").getAsLong());
        assertTrue(shm.get("file_lock_holds").getAsLong() >= 2000, shm.toString());
        assertTrue(shm.get("file_mutex_holds").getAsLong() > 0, shm.toString());
        for (String counted : List.of("counted_with_lock", "counted_atomically", "counted_in_stripes")) {
            assertEquals(1000, shm.get(counted).getAsLong(), counted);
        }
        JsonObject sem = facts(reports, "sem");
        assertEquals(sem.get("places"), sem.get("empty"));
        assertEquals(0, sem.get("full").getAsLong());
        assertEquals(1, sem.get("mutex").getAsLong());
        assertEquals(1000, facts(reports, "mutex").get("counter").getAsLong());
        JsonObject lock = facts(reports, "lock");
        assertEquals(1000, lock.get("counter").getAsLong());
        assertEquals(500, lock.get("counted_by_file_lock").getAsLong());
        assertEquals(2, lock.get("readers_together").getAsLong());
        assertTrue(lock.get("refused_to_a_writer_meanwhile").getAsBoolean(), lock.toString());
    }

    @Test
    void aKilledHolderIsFollowedByAnotherAndNothingIsLost() throws Exception {
        Map<String, JsonObject> reports = passed(ALL, "--kill-after", "300ms");
        for (Map.Entry<String, JsonObject> each : reports.entrySet()) {
            JsonObject report = each.getValue();
            JsonObject victim = report.getAsJsonArray("peers").get(0).getAsJsonObject();
            assertEquals("SIGKILL", victim.get("signal").getAsString(), report.toString());
            JsonObject facts = report.getAsJsonObject("facts");
            assertTrue(facts.get("killed_after_nanos").getAsLong() >= 300_000_000, facts.toString());
            String handOver = each.getKey().equals("shm") ? "recovery_nanos" : "hand_over_nanos";
            assertTrue(facts.get(handOver).getAsLong() > 0, facts.toString());
            assertTrue(facts.get(handOver).getAsLong() <= 500_000_000, facts.toString());
            assertEquals(0, facts.has("two_holders") ? facts.get("two_holders").getAsInt() : 0);
        }
        assertEquals(1, facts(reports, "mutex").get("previous_owner_died_told").getAsInt());
        assertEquals(1, facts(reports, "lock").get("previous_owner_died_told").getAsInt());
        assertEquals(4, facts(reports, "sem").get("permits_back").getAsInt());
        assertEquals(0, facts(reports, "shm").get("half_written_seen").getAsInt());
    }

    @Test
    void whoIsKilledInAFullAreaHasSpoiltNothing() throws Exception {
        JsonObject facts = facts("shm", "--kill-after", "50ms", "--capacity", "1", "-c", "1", "--slow");
        assertEquals(0, facts.get("half_written_seen").getAsInt());
        assertEquals("reader", facts.get("next_holder").getAsString());
    }

    @Test
    void withoutPAndVUpdatesAreLost() throws Exception {
        Result result = IpcProcess.with(home, "", "", "demo", "sem", "--json", "--broken", "-n", "5", "-c", "1")
                .expect(0);
        assertEquals("ipc.demo/1", JsonSchema.check(result.out()));
        JsonObject report = JsonParser.parseString(result.out()).getAsJsonObject();
        assertEquals("PASS", report.get("verdict").getAsString(), result.out());
        assertTrue(report.get("law").getAsString().contains("updates of the buffer's numbers are lost"), result.out());
        assertTrue(report.getAsJsonObject("facts").get("lost_updates").getAsLong() > 0, result.out());
        assertEquals(List.of(), left());
    }

    @Test
    void aBufferOfOnePlaceMakesAllWait() throws Exception {
        JsonObject facts = facts("sem", "-n", "200", "-s", "0", "--capacity", "1");
        assertEquals(1, facts.get("places").getAsInt());
        assertTrue(facts.get("producers_waits").getAsLong() > 0, facts.toString());
        assertTrue(facts.get("consumers_waits").getAsLong() > 0, facts.toString());
    }

    @Test
    void aSmallAreaHoldsTheWritersBack() throws Exception {
        JsonObject facts = facts("shm", "-n", "100", "-s", "16k", "-c", "1", "--capacity", "1", "--slow");
        assertTrue(facts.get("writers_waits").getAsLong() > 0, facts.toString());
        assertEquals(1, facts.getAsJsonArray("per_writer").size());
    }

    @Test
    void childrenWaitForASlowHolder() throws Exception {
        JsonObject facts = facts("mutex", "-n", "300", "-c", "2", "--slow");
        assertEquals(600, facts.get("counter").getAsLong());
        assertTrue(facts.get("children_waits").getAsLong() > 0, facts.toString());
    }

    @Test
    void withoutAnotherChildTheParentIsTheNextHolder() throws Exception {
        JsonObject facts = facts("mutex", "--kill-after", "50ms", "-c", "1");
        assertEquals(2, facts.get("next_holder").getAsInt());
        assertEquals(1, facts.get("previous_owner_died_told").getAsInt());
    }

    @Test
    void nothingOutlivesAnInterruptedParent() throws Exception {
        try (IpcProcess ipc = IpcProcess.start(home, "demo", "shm", "-n", "1g")) {
            List<ProcessHandle> children = DemoProcesses.awaitChildren(ipc, 3);
            DemoProcesses.interrupt(ipc, children);
        }
        assertEquals(List.of(), left());
    }

    @Test
    void theNextRunClearsUpAfterAKilledOne() throws Exception {
        try (IpcProcess ipc = IpcProcess.start(home, "demo", "mutex", "-n", "1g")) {
            List<ProcessHandle> children = DemoProcesses.awaitChildren(ipc, 2);
            DemoProcesses.kill(ipc, children);
        }
        assertFalse(left().isEmpty(), "the segment is gone");
        passed(List.of("mutex"), "-n", "10");
    }

    @Test
    void showsTheCodeInstead() throws Exception {
        List<String> words = new ArrayList<>(List.of("demo", "--show-code"));
        words.addAll(ALL);
        Result result = IpcProcess.run(words.toArray(new String[0])).expect(0);
        for (String type : List.of(
                "ShmParent implements Closeable",
                "ShmWriter",
                "ShmReader",
                "SemParent implements Closeable",
                "BoundedBuffer implements Closeable",
                "SemProducer",
                "SemConsumer",
                "SemUser",
                "MutexParent implements Closeable",
                "MutexChild",
                "LockParent implements Closeable",
                "LockWriter",
                "FileLockWriter",
                "LockReader")) {
            assertTrue(result.out().contains("final class " + type + " {"), type);
        }
        assertFalse(result.out().contains("PASS"), result.out());
    }
}

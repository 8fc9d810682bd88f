package org.jvmipc.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.jvmipc.testkit.Await;

/** {@code ipc demo tcp} and {@code uds} as processes with children of their own, in a runtime directory of its own. */
@Timeout(240)
class SocketDemoIT {
    @TempDir
    private Path directory;

    private Map<String, String> home = Map.of();

    @BeforeEach
    void chooseRuntimeDirectory() {
        home = Map.of("IPC_HOME", directory.resolve("home").toString());
    }

    private JsonObject passed(String... words) throws Exception {
        List<String> line = new ArrayList<>(List.of("demo", "--json"));
        line.addAll(List.of(words));
        Map<String, JsonObject> reports = DemoProcesses.allPassed(
                IpcProcess.with(home, "", "", line.toArray(new String[0])).expect(0));
        assertEquals(
                "", IpcProcess.with(home, "", "", "ls", "--no-header").expect(0).out());
        return reports.values().iterator().next();
    }

    @ParameterizedTest
    @CsvSource({"tcp, 500, 64, 2", "uds, 500, 64, 2", "tcp, 1, 0, 1", "uds, 3, 1m, 1", "uds, 100, 64, 4"})
    void everyMessageOfBothDirectionsComes(String mechanism, long messages, String size, int clients) throws Exception {
        JsonObject report = passed(mechanism, "-n", Long.toString(messages), "-s", size, "-c", "" + clients);
        assertEquals(2 * messages * clients, report.get("received").getAsLong());
        assertEquals(clients + 1, report.getAsJsonArray("peers").size());
        JsonObject facts = report.getAsJsonObject("facts");
        assertEquals(clients, facts.get("backlog").getAsInt());
        assertEquals(clients, facts.get("connected_before_accept").getAsInt());
        assertEquals(clients, facts.get("accepted").getAsInt());
        assertEquals(1, facts.get("refused").getAsInt());
        assertEquals(clients, facts.get("half_closes").getAsInt());
        assertEquals(mechanism.equals("uds"), facts.has("credentials"));
        if (messages > 1) {
            assertTrue(facts.get("round_trip_nanos").getAsLong() > 0, facts.toString());
        }
    }

    @ParameterizedTest
    @CsvSource({"tcp, client", "uds, client", "tcp, server", "uds, server"})
    void aDeathIsToldInTime(String mechanism, String kind) throws Exception {
        JsonObject report = passed(mechanism, "--kill-after", "100ms", "--kind", kind);
        JsonObject facts = report.getAsJsonObject("facts");
        assertEquals(kind, facts.get("killed").getAsString());
        assertEquals("DIED", facts.get("told").getAsString());
        assertTrue(facts.get("killed_after_nanos").getAsLong() >= 100_000_000, facts.toString());
        assertEquals(kind.equals("server"), facts.has("taken_over_nanos"));
        assertTrue(report.getAsJsonArray("peers").toString().contains("SIGKILL"), report.toString());
    }

    @Test
    void aSlowSideHoldsTheOtherBackAndLosesNothing() throws Exception {
        passed("tcp", "-n", "300", "--slow", "-s", "8k", "--capacity", "4k");
    }

    @ParameterizedTest
    @ValueSource(strings = {"tcp", "uds"})
    void leavesNothingWhenItIsInterrupted(String mechanism) throws Exception {
        try (IpcProcess ipc = IpcProcess.start(home, "demo", mechanism, "--kill-after", "50s")) {
            Await.until("a server that listens", () -> IpcProcess.with(home, "", "", "ls", "--no-header", "-o", "state")
                    .out()
                    .equals("in-use\n"));
            DemoProcesses.interrupt(ipc, ipc.process().children().toList());
        }
        Await.until(
                "nothing is left",
                () -> IpcProcess.with(home, "", "", "ls", "--no-header").out().isEmpty());
    }
}

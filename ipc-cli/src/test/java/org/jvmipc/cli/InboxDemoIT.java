package org.jvmipc.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code ipc demo inbox} as a process with children of its own, in a directory of its own. */
@Timeout(240)
class InboxDemoIT {
    @TempDir
    private Path directory;

    private Map<String, String> home() {
        return Map.of("IPC_HOME", directory.resolve("home").toString());
    }

    private JsonObject passed(String... options) throws Exception {
        List<String> words = new ArrayList<>(List.of("demo", "--json", "inbox"));
        words.addAll(List.of(options));
        JsonObject report = DemoProcesses.allPassed(IpcProcess.with(home(), "", "", words.toArray(new String[0]))
                        .expect(0))
                .get("inbox");
        try (Stream<Path> left = Files.list(directory.resolve("home"))) {
            assertEquals(
                    List.of("registry"),
                    left.map(path -> path.getFileName().toString()).toList());
        }
        return report;
    }

    @Test
    void eachMessageArrivesOnceAtTheOneItIsFor() throws Exception {
        JsonObject report = passed("-n", "1k", "-c", "4", "-s", "1k");
        assertEquals(4000, report.get("sent").getAsLong());
        assertEquals(4000, report.get("received").getAsLong());
        assertEquals(5, report.get("processes").getAsInt());
        assertEquals(
                "[1000,1000,1000,1000]",
                report.getAsJsonObject("facts").get("per_peer").toString());
    }

    @Test
    void slowReadersAndLargeMessagesMakeInboxesFull() throws Exception {
        assertEquals(
                400,
                passed("-n", "200", "-c", "2", "--slow", "-s", "1m")
                        .get("received")
                        .getAsLong());
    }

    @Test
    void theDeathOfATargetIsToldAndTheNextOwnerHasOnlyItsOwn() throws Exception {
        JsonObject report = passed("--kill-after", "100ms");
        assertTrue(report.getAsJsonArray("peers").toString().contains("SIGKILL"), report.toString());
        assertEquals(report.get("sent"), report.get("received"));
        JsonObject facts = report.getAsJsonObject("facts");
        assertTrue(facts.get("killed_after_nanos").getAsLong() >= 100_000_000, facts.toString());
        assertTrue(facts.get("told_nanos").getAsLong() > 0, facts.toString());
        assertTrue(facts.get("next_owner_nanos").getAsLong() > 0, facts.toString());
    }

    @Test
    void onePeerHasNobodyToSendTo() throws Exception {
        IpcProcess.with(home(), "", "", "demo", "inbox", "-c", "1").expect(2);
    }
}

package org.jvmipc.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
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

/** {@code ipc demo mq} as a process with children of its own, in a directory of its own. */
@Timeout(240)
class MqDemoIT {
    @TempDir
    private Path directory;

    private JsonObject passed(String... options) throws Exception {
        List<String> words = new ArrayList<>(List.of("demo", "--json", "mq"));
        words.addAll(List.of(options));
        Map<String, String> home = Map.of("IPC_HOME", directory.toString());
        JsonObject report = DemoProcesses.allPassed(IpcProcess.with(home, "", "", words.toArray(new String[0]))
                        .expect(0))
                .get("mq");
        try (Stream<Path> left = Files.list(directory.resolve("mq"))) {
            assertEquals(List.of(), left.toList());
        }
        return report;
    }

    @Test
    void eachMessageGoesToOneOfTheMailboxAndAllToTheOtherGroup() throws Exception {
        JsonObject report = passed("-n", "200", "-c", "3");
        assertEquals(600, report.get("sent").getAsLong());
        assertEquals(600, report.get("received").getAsLong());
        JsonObject facts = report.getAsJsonObject("facts");
        long acknowledged = 0;
        for (JsonElement each : facts.getAsJsonArray("per_consumer")) {
            acknowledged += each.getAsJsonObject().get("acknowledged").getAsLong();
        }
        assertEquals(600, acknowledged);
        assertEquals("[300,300]", facts.get("per_auditor").toString());
        assertEquals(0, facts.get("redeliveries").getAsLong());
    }

    @Test
    void aMessageOfAKilledConsumerGoesToAnother() throws Exception {
        JsonObject report = passed("--kill-after", "100ms");
        JsonObject victim = report.getAsJsonArray("peers").get(0).getAsJsonObject();
        assertEquals("SIGKILL", victim.get("signal").getAsString(), report.toString());
        assertEquals(report.get("sent"), report.get("received"));
        JsonObject facts = report.getAsJsonObject("facts");
        assertEquals(1, facts.get("redeliveries").getAsLong());
        assertTrue(facts.get("redelivery_nanos").getAsLong() > 0, facts.toString());
        assertTrue(facts.get("killed_after_nanos").getAsLong() >= 100_000_000, facts.toString());
    }
}

package org.jvmipc.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.io.IOException;
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
import org.jvmipc.cli.IpcProcess.Result;
import org.jvmipc.cli.frame.CountConverter;

/** {@code ipc demo fifo} as a process with children of its own, in a runtime directory of its own. */
@Timeout(240)
class FifoDemoIT {
    @TempDir
    private Path directory;

    private Map<String, String> home = Map.of();

    @BeforeEach
    void chooseRuntimeDirectory() {
        home = Map.of("IPC_HOME", directory.resolve("home").toString());
    }

    private JsonObject passed(String... options) throws Exception {
        List<String> words = new ArrayList<>(List.of("demo", "fifo", "--json"));
        words.addAll(List.of(options));
        Result result = IpcProcess.with(home, "", "", words.toArray(new String[0]));
        JsonObject report = DemoProcesses.passed(result.expect(0));
        assertEquals(List.of(), left());
        return report;
    }

    private List<String> left() throws IOException {
        return DemoProcesses.left(directory.resolve("home"));
    }

    @ParameterizedTest
    @CsvSource({"2k, 64, 1", "500, 0, 4", "40, 64k, 2"})
    void everyWritersMessagesComeInItsOrder(String messages, String size, int writers) throws Exception {
        JsonObject report = passed("-n", messages, "-s", size, "-c", Integer.toString(writers));
        JsonObject facts = report.getAsJsonObject("facts");
        assertEquals(1, facts.get("closed_told").getAsInt());
        assertTrue(facts.get("open_wait_nanos").getAsLong() >= 20_000_000, facts.toString());
        JsonArray all = facts.getAsJsonArray("per_writer");
        assertEquals(writers, all.size());
        for (int i = 0; i < writers; i++) {
            JsonObject one = all.get(i).getAsJsonObject();
            assertEquals(new CountConverter().convert(messages), one.get("sent").getAsLong());
            assertEquals(one.get("sent"), one.get("received"));
        }
        JsonArray peers = report.getAsJsonArray("peers");
        assertEquals(writers + 1, peers.size());
        assertEquals(writers + 2, report.get("processes").getAsInt());
        for (int i = 0; i <= writers; i++) {
            JsonObject peer = peers.get(i).getAsJsonObject();
            assertEquals(
                    i == writers ? "reader" : "writer-" + (i + 1),
                    peer.get("role").getAsString());
            assertEquals(0, peer.get("exit").getAsInt());
        }
        assertEquals(
                size.equals("64k") ? 17 : 1, facts.get("fragments_per_message").getAsLong());
    }

    @Test
    void aSlowReaderHoldsTheWritersBack() throws Exception {
        JsonObject facts = passed("-n", "500", "--slow", "--capacity", "4k").getAsJsonObject("facts");
        assertEquals(4096, facts.get("capacity_bytes").getAsInt());
        assertTrue(facts.get("filled").getAsBoolean(), facts.toString());
        assertTrue(facts.get("blocked_bytes").getAsInt() > 3500, facts.toString());
        assertTrue(facts.get("blocked_bytes").getAsInt() <= 4096, facts.toString());
        assertTrue(facts.get("writers_waits").getAsLong() > 0, facts.toString());
        assertTrue(facts.get("turns").getAsLong() > 0, facts.toString());
    }

    @Test
    void aKilledWriterIsNamedAndTheOthersGoOn() throws Exception {
        JsonObject report = passed("--kill-after", "200ms", "-c", "3");
        JsonObject victim = report.getAsJsonArray("peers").get(0).getAsJsonObject();
        assertEquals("writer-1", victim.get("role").getAsString());
        assertEquals("SIGKILL", victim.get("signal").getAsString());
        assertEquals(5, report.get("processes").getAsInt());
        JsonObject facts = report.getAsJsonObject("facts");
        assertEquals(victim.get("pid"), facts.get("reader_told_pid"));
        assertTrue(facts.get("killed_after_nanos").getAsLong() >= 200_000_000, facts.toString());
        assertTrue(facts.get("reader_told_nanos").getAsLong() <= 500_000_000, facts.toString());
        assertTrue(facts.get("went_on_nanos").getAsLong() > 0, facts.toString());
        for (int i = 0; i < 3; i++) {
            JsonObject writer = facts.getAsJsonArray("per_writer").get(i).getAsJsonObject();
            assertTrue(writer.get("received").getAsLong() > 0, facts.toString());
            assertEquals(i > 0, writer.has("sent"), facts.toString());
        }
    }

    @Test
    void aSecondReaderTakesThePlaceOfAKilledOne() throws Exception {
        JsonObject report = passed("--kill-after", "200ms", "--kind", "reader");
        JsonArray peers = report.getAsJsonArray("peers");
        assertEquals("reader", peers.get(0).getAsJsonObject().get("role").getAsString());
        assertEquals("SIGKILL", peers.get(0).getAsJsonObject().get("signal").getAsString());
        assertEquals("reader-2", peers.get(3).getAsJsonObject().get("role").getAsString());
        JsonObject facts = report.getAsJsonObject("facts");
        assertEquals("DIED", facts.get("writers_told").getAsString());
        assertTrue(facts.get("writers_told_nanos").getAsLong() <= 500_000_000, facts.toString());
        assertTrue(facts.get("verified_by_first").getAsLong() > 0, facts.toString());
        assertTrue(report.get("received").getAsLong() > 0, facts.toString());
    }

    @Test
    void aChildThatIsKilledByAStrangerIsAnErrorWithItsSignal() throws Exception {
        try (IpcProcess ipc = IpcProcess.start(home, "demo", "fifo", "-n", "1g", "-s", "64k")) {
            ProcessHandle child = DemoProcesses.withTraffic(ipc); // one that reads so much is the reader
            child.destroyForcibly();
            Result result = ipc.await().expect(5);
            assertTrue(result.err().startsWith("ipc: demo fifo: "), result.err());
            assertTrue(result.err().contains(": the reader " + child.pid() + " ended: "), result.err());
            assertTrue(result.err().contains("SIGKILL"), result.err());
            assertFalse(result.err().contains("the writer"), result.err());
            assertEquals("", result.out());
        }
        assertEquals(List.of(), left());
    }

    @Test
    void nothingOutlivesAnInterruptedParent() throws Exception {
        try (IpcProcess ipc = IpcProcess.start(home, "demo", "fifo", "-n", "1g", "-s", "64k")) {
            DemoProcesses.withTraffic(ipc);
            List<ProcessHandle> children = ipc.process().children().toList();
            DemoProcesses.interrupt(ipc, children);
        }
        assertEquals(List.of(), left());
    }

    @Test
    void theNextRunClearsUpAfterAKilledOne() throws Exception {
        try (IpcProcess ipc = IpcProcess.start(home, "demo", "fifo", "-n", "1g", "-s", "64k")) {
            DemoProcesses.withTraffic(ipc);
            List<ProcessHandle> children = ipc.process().children().toList();
            DemoProcesses.kill(ipc, children);
        }
        assertEquals(1, left().stream().filter(name -> name.endsWith(".fifo")).count(), "the FIFO is left behind");
        passed("-n", "10");
    }

    @Test
    void showsTheCodeInstead() throws Exception {
        Result result = IpcProcess.run("demo", "fifo", "--show-code").expect(0);
        assertTrue(result.out().contains("final class FifoParent implements Closeable {"), result.out());
        assertTrue(result.out().contains("final class FifoWriter {"), result.out());
        assertTrue(result.out().contains("final class FifoReader {"), result.out());
        assertFalse(result.out().contains("PASS"), result.out());
    }
}

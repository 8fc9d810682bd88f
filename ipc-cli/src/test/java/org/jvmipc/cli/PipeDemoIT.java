package org.jvmipc.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.jvmipc.cli.IpcProcess.Result;
import org.jvmipc.testkit.Await;

/** {@code ipc demo pipe} as a process with a child of its own. */
@Timeout(240)
class PipeDemoIT {
    @ParameterizedTest
    @CsvSource({"10k, 64, 20000", "40k, 1k, 80000", "10k, 0, 20000", "20, 1m, 40", "1, 1, 2"})
    void exchangesAndVerifies(String messages, String size, long sent) throws Exception {
        JsonObject report = DemoProcesses.passed(IpcProcess.run("demo", "pipe", "--json", "-n", messages, "-s", size)
                .expect(0));
        assertEquals(sent, report.get("sent").getAsLong());
        assertEquals(sent, report.get("received").getAsLong());
        assertEquals("CLOSED", report.getAsJsonObject("facts").get("end").getAsString());
        JsonObject child = report.getAsJsonArray("peers").get(0).getAsJsonObject();
        assertEquals(0, child.get("exit").getAsInt());
        assertFalse(Files.exists(Path.of("/proc", child.get("pid").getAsString())));
    }

    @Test
    void fillsAPipeOfTheTextbooksSize() throws Exception {
        JsonObject facts = DemoProcesses.passed(
                        IpcProcess.run("demo", "pipe", "--json", "-n", "500", "--capacity", "4k")
                                .expect(0))
                .getAsJsonObject("facts");
        assertEquals(4096, facts.get("capacity_bytes").getAsInt());
        assertTrue(facts.get("filled").getAsBoolean());
        assertTrue(facts.get("filled_bytes").getAsInt() > 3900, facts.toString());
        assertTrue(facts.get("filled_bytes").getAsInt() <= 4096, facts.toString());
        assertTrue(facts.get("found_empty").getAsBoolean());
        assertTrue(facts.get("parent_writer_waits").getAsLong() > 0, facts.toString());
        assertTrue(facts.get("parent_reader_waits").getAsLong() > 0, facts.toString());
    }

    @Test
    void theCapacityIsWhatTheKernelMadeIt() throws Exception {
        JsonObject facts = DemoProcesses.passed(
                        IpcProcess.run("demo", "pipe", "--json", "-n", "10", "--capacity", "5000")
                                .expect(0))
                .getAsJsonObject("facts");
        assertEquals(8192, facts.get("capacity_bytes").getAsInt());
    }

    @Test
    void saysWhenThePipeNeverFills() throws Exception {
        Result result = IpcProcess.run("demo", "pipe", "-n", "3").expect(0);
        assertTrue(result.out().startsWith("PASS  pipe: 6 sent = received, every byte verified, in "), result.out());
        assertTrue(result.out().contains("never: all 3 messages fit in"), result.out());
    }

    @Test
    void aSlowReaderHoldsTheWriterBack() throws Exception {
        JsonObject facts = DemoProcesses.passed(
                        IpcProcess.run("demo", "pipe", "--json", "-n", "1k", "--slow", "--capacity", "4k")
                                .expect(0))
                .getAsJsonObject("facts");
        assertTrue(facts.get("parent_writer_wait_nanos").getAsLong() > 10_000_000, facts.toString());
        assertTrue(facts.get("child_writer_waits").getAsLong() > 0, facts.toString());
        assertEquals(50_000, facts.get("pause_nanos").getAsLong());
    }

    @Test
    void theSurvivorOfAKillNamesTheDeath() throws Exception {
        JsonObject report = DemoProcesses.passed(IpcProcess.run("demo", "pipe", "--json", "--kill-after", "200ms")
                .expect(0));
        JsonObject child = report.getAsJsonArray("peers").get(0).getAsJsonObject();
        assertEquals("SIGKILL", child.get("signal").getAsString());
        assertTrue(report.get("received").getAsLong() > 0);
        assertEquals(report.get("received").getAsLong(), report.get("sent").getAsLong());
        JsonObject facts = report.getAsJsonObject("facts");
        assertEquals("DIED", facts.get("reader_told").getAsString());
        assertEquals("DIED", facts.get("writer_told").getAsString());
        assertTrue(facts.get("sent_to_child").getAsLong() > 0, facts.toString());
        assertTrue(facts.get("killed_after_nanos").getAsLong() >= 200_000_000, facts.toString());
        for (String told : List.of("reader_told_nanos", "writer_told_nanos", "exit_told_nanos")) {
            assertTrue(facts.get(told).getAsLong() <= 500_000_000, facts.toString());
        }
    }

    @Test
    void aChildThatIsKilledByAStrangerIsAnErrorWithItsSignal() throws Exception {
        try (IpcProcess ipc = IpcProcess.start("demo", "pipe", "-n", "1g")) {
            DemoProcesses.withTraffic(ipc).destroyForcibly();
            Result result = ipc.await().expect(5);
            assertTrue(result.err().startsWith("ipc: demo pipe: pipe:"), result.err());
            assertTrue(result.err().contains("SIGKILL"), result.err());
            assertEquals("", result.out());
        }
    }

    @Test
    void aChildThatDiesBeforeItIsToBeKilledIsAnErrorWithItsSignal() throws Exception {
        try (IpcProcess ipc = IpcProcess.start("demo", "pipe", "--kill-after", "40s", "-t", "50s")) {
            ProcessHandle child = DemoProcesses.withTraffic(ipc);
            long startNanos = System.nanoTime();
            child.destroyForcibly();
            Result result = ipc.await().expect(5);
            assertTrue(System.nanoTime() - startNanos < 20_000_000_000L, "it waited for the time of the kill");
            assertTrue(result.err().startsWith("ipc: demo pipe: pipe:"), result.err());
            assertTrue(result.err().contains("SIGKILL"), result.err());
            assertEquals("", result.out());
        }
    }

    @Test
    void aStoppedChildIsNamed() throws Exception {
        try (IpcProcess ipc = IpcProcess.start("demo", "pipe", "-n", "1g", "-t", "6s")) {
            ProcessHandle child = DemoProcesses.withTraffic(ipc);
            DemoProcesses.signal("STOP", child.pid());
            Result result = ipc.await().expect(124);
            assertTrue(result.err().contains("; the child " + child.pid() + " is stopped"), result.err());
            assertTrue(result.err().contains("  fix: "), result.err());
            assertTrue(result.err().contains("kill -CONT " + child.pid()), result.err());
        }
    }

    /** The promise is a second, which a busy machine may stretch now and then. */
    @Test
    void noChildOutlivesAKilledParentForLong() throws Exception {
        List<Long> nanos = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            try (IpcProcess ipc = IpcProcess.start("demo", "pipe", "-n", "1g")) {
                ProcessHandle child = DemoProcesses.withTraffic(ipc);
                long startNanos = System.nanoTime();
                ipc.process().destroyForcibly();
                assertTrue(Await.within(Duration.ofSeconds(3), () -> DemoProcesses.hasEnded(child)), "the child lives");
                nanos.add(System.nanoTime() - startNanos);
            }
        }
        Collections.sort(nanos);
        assertTrue(nanos.get(nanos.size() / 2) <= 1_000_000_000, nanos.toString());
    }

    @Test
    void noChildOutlivesAnInterruptedParent() throws Exception {
        try (IpcProcess ipc = IpcProcess.start("demo", "pipe", "-n", "1g")) {
            ProcessHandle child = DemoProcesses.withTraffic(ipc);
            DemoProcesses.signal("INT", ipc.process().pid());
            Result result = ipc.await().expect(130);
            assertFalse(child.isAlive(), "the child lives");
            assertEquals("", result.out() + result.err());
        }
    }

    @Test
    void endsWhenItsTimeIsOver() throws Exception {
        Result result = IpcProcess.run("demo", "pipe", "-n", "1g", "-t", "1s").expect(124);
        assertTrue(result.err().startsWith("ipc: demo pipe: not done after 1s, while "), result.err());
        assertTrue(result.err().contains("  fix: "), result.err());
        assertEquals("", result.out());
    }

    @Test
    void aCapacityThatIsNotToBeHadIsALimit() throws Exception {
        // By lines: a file under /proc/sys must be read in one piece, which readString() does not do.
        long most = Long.parseLong(
                Files.readAllLines(Path.of("/proc/sys/fs/pipe-max-size")).get(0));
        long more = Long.highestOneBit(most) * 2;
        Result result = IpcProcess.run("demo", "pipe", "-n", "10", "--capacity", Long.toString(more), "--json");
        if (result.exit() == 0) { // with CAP_SYS_RESOURCE in the first user namespace
            assertEquals(
                    more,
                    DemoProcesses.passed(result)
                            .getAsJsonObject("facts")
                            .get("capacity_bytes")
                            .getAsLong());
            return;
        }
        JsonObject error = JsonParser.parseString(result.expect(7).err()).getAsJsonObject();
        assertEquals("ipc.error/1", error.get("schema").getAsString());
        assertEquals("IPC-104", error.get("code").getAsString());
        assertEquals(7, error.get("exit").getAsInt());
        assertEquals("EPERM", error.get("errno").getAsString());
        assertEquals("", result.out());
    }

    @Test
    void passesInAPoorEnvironment() throws Exception {
        Map<String, String> plain = Map.of("LANG", "C", "LC_ALL", "C", "TERM", "dumb");
        Result result = IpcProcess.with(plain, "cd /proc; ulimit -n 160; ", "</dev/null", "demo", "all", "-n", "1k")
                .expect(0);
        assertTrue(result.out().startsWith("PASS  pipe"), result.out());
        assertTrue(result.out().contains("\nPASS  fifo"), result.out());
        assertEquals("", result.err());
    }

    @Test
    void passesWithStandardInputClosed() throws Exception {
        IpcProcess.shell("", "<&-", "demo", "pipe", "-n", "1k").expect(0);
    }

    @Test
    void twoAtOnceDoNotDisturbEachOther() throws Exception {
        try (IpcProcess one = IpcProcess.start("demo", "pipe", "--json");
                IpcProcess other = IpcProcess.start("demo", "pipe", "fifo", "--json")) {
            DemoProcesses.passed(one.await().expect(0));
            List<String> lines = other.await().expect(0).out().lines().toList();
            assertEquals(2, lines.size(), lines.toString());
            assertTrue(lines.get(0).contains("\"mechanism\":\"pipe\",\"verdict\":\"PASS\""), lines.get(0));
            assertTrue(lines.get(1).contains("\"mechanism\":\"fifo\",\"verdict\":\"PASS\""), lines.get(1));
        }
    }

    @Test
    void showsTheCodeInstead() throws Exception {
        Result result = IpcProcess.run("demo", "pipe", "--show-code").expect(0);
        assertTrue(result.out().contains("final class PipeParent {"), result.out());
        assertTrue(result.out().contains("final class PipeChild {"), result.out());
        assertTrue(result.out().contains("final class PipeSurvivor {"), result.out());
        assertFalse(result.out().contains("PASS"), result.out());
    }
}

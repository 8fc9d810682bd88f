package org.jvmipc.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.jvmipc.cli.IpcProcess.Result;
import org.jvmipc.internal.posix.Errno;
import org.jvmipc.internal.posix.Seam;

/** {@code ipc demo signal} as a process with a child of its own. */
@Timeout(240)
class SignalDemoIT {
    @Test
    void standardOnesMergeAndRealTimeOnesQueue() throws Exception {
        Result result = IpcProcess.with(Map.of(), "", "", "demo", "--json", "signal", "-n", "2000");
        JsonObject report = DemoProcesses.allPassed(result.expect(0)).get("signal");
        assertEquals(report.get("sent"), report.get("received"));
        JsonObject facts = report.getAsJsonObject("facts");
        assertEquals(1000, facts.get("standard_sent").getAsLong());
        assertEquals(1, facts.get("standard_received").getAsLong());
        assertEquals(2000, facts.get("realtime_received").getAsLong());
        assertTrue(facts.get("queue_full").getAsBoolean(), facts.toString());
        assertTrue(facts.get("accepted_until_full").getAsLong() > 0, facts.toString());
        assertEquals(facts.get("accepted_until_full"), facts.get("received_after_full"));
    }

    @Test
    void whatItDoesNotTakeIsRefused() throws Exception {
        Result result = IpcProcess.with(Map.of(), "", "", "demo", "signal", "--kill-after", "1s");
        assertEquals(2, result.exit());
        assertTrue(result.err().contains("demo: signal takes no --kill-after"), result.err());
    }

    /** The kernel refuses to make memory executable, as where a policy forbids it. */
    public static final class NoCode implements Seam.Hook {
        @Override
        public int before(String call) {
            return call.equals("mprotect") ? Errno.EACCES : 0;
        }

        @Override
        public void after(String call, long result) {}
    }

    @Test
    void whereMemoryCannotBeExecutableItIsPlayedAsAnywhere() throws Exception {
        // In the environment, so that the child has it, too.
        String seam = "export JDK_JAVA_OPTIONS='-D" + Seam.PROPERTY + "=" + NoCode.class.getName() + "'; ";
        Result result = IpcProcess.withoutScript(seam, "demo", "--json", "signal", "-n", "500");
        Result silent = new Result(result.expect(0).exit(), result.out(), ""); // the java launcher says that it read it
        JsonObject report = DemoProcesses.allPassed(silent).get("signal");
        assertEquals(report.get("sent"), report.get("received"));
        Result watch = IpcProcess.withoutScript(seam, "signal", "watch", "RTMIN+1");
        assertEquals(9, watch.exit(), watch.err()); // so it was refused indeed
    }
}

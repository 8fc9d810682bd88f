package org.jvmipc.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code ipc demo rudp} as a process with children of its own. */
@Timeout(240)
class RudpDemoIT {
    private static JsonObject passed(String... options) throws Exception {
        List<String> line = new ArrayList<>(List.of("demo", "--json", "rudp"));
        line.addAll(List.of(options));
        return DemoProcesses.allPassed(
                        IpcProcess.run(line.toArray(new String[0])).expect(0))
                .get("rudp");
    }

    private static long number(JsonObject of, String name) {
        return of.get(name).getAsLong();
    }

    @Test
    void whateverTheLinkDoesEachMessageComesOnceInOrder() throws Exception {
        JsonObject report = passed(
                "-n", "3000", "-s", "1k", "--loss", "30%", "--reorder", "30%", "--dup", "10%", "--corrupt", "1%");
        assertEquals(3000, number(report, "sent"));
        assertEquals(3000, number(report, "received"));
        JsonObject facts = report.getAsJsonObject("facts");
        assertTrue(number(facts, "link_there_lost") > 0, facts.toString());
        assertTrue(number(facts, "link_back_lost") > 0, facts.toString());
        assertTrue(number(facts, "sender_retransmitted") > 0, facts.toString());
        assertTrue(number(facts, "sender_packets_sent") > number(facts, "sender_data_packets"), facts.toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"--loss 0%", "-s 1m -n 20", "-s 0", "--delay 20ms -n 200", "-n 1", "--slow -n 300"})
    void theLawHolds(String options) throws Exception {
        passed(options.split(" ", -1));
    }

    @Test
    void theReceiverIsToldOfADeath() throws Exception {
        JsonObject facts = passed("--kill-after", "100ms").getAsJsonObject("facts");
        assertTrue(number(facts, "killed_after_nanos") >= 100_000_000, facts.toString());
        assertTrue(number(facts, "peer_told_nanos") > 0, facts.toString());
        assertTrue(List.of("UNKNOWN", "DIED").contains(facts.get("peer_told").getAsString()), facts.toString());
    }
}

package org.jvmipc.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.jvmipc.Address;
import org.jvmipc.Ipc;
import org.jvmipc.cli.IpcProcess.Result;

/** Message queues of the kernel from the shell, and their demo. */
@Timeout(240)
class PosixmqIT {
    private final String name =
            "posixmq:/ipc-cli-test-" + ProcessHandle.current().pid() + "-" + System.nanoTime();
    private Workplace place;

    @BeforeEach
    void makePlace() throws IOException {
        place = new Workplace();
    }

    @AfterEach
    void clearPlace() throws IOException {
        Ipc.remove(Address.of(name));
        place.close();
    }

    private Result run(String script) throws Exception {
        return place.run("q=" + name + "\n" + script);
    }

    @Test
    void messagesComeByPriorityAndJsonTellsIt() throws Exception {
        Result result =
                run("""
                ipc create $q --depth 5 --max-message 1k --mode 0640
                ipc send $q low 'low too'; ipc send -p 9 $q high; ipc send "$q?priority=3" middle
                ipc recv --json $q; ipc recv $q; ipc recv -n 0 $q; ipc recv --no-wait $q 2>/dev/null; echo $?
                ipc inspect $q | grep -E '^(mode|depth|max message|messages) '
                ipc ls | grep -c ipc-cli-test; ipc rm $q; ipc send $q x 2>/dev/null; echo $?
                """)
                        .expect(0);
        assertEquals(
                List.of(
                        name,
                        "{\"schema\":\"ipc.message/1\",\"address\":\"" + name + "\",\"data\":\"high\",\"priority\":9}",
                        "middle",
                        "low",
                        "low too",
                        "8",
                        "mode         0640",
                        "depth        5",
                        "max message  1024",
                        "messages     0",
                        "1",
                        "removed  " + name + "  (as asked)",
                        "4"),
                result.out().lines().toList());
    }

    @Test
    void whatDoesNotFitIsToldWithItsLimit() throws Exception {
        Result result =
                run("""
                ipc create $q --depth 100000; echo $?
                ipc create $q --max-message 1g; echo $?
                ipc create $q --depth 1 --max-message 10 >/dev/null
                ipc send $q 'more than ten'; echo $?
                ipc send --no-wait $q one two; echo $?
                ipc send -p 32768 $q x; echo $?
                ipc send -p 1 fifo:f x; echo $?
                ipc request $q x; echo $?
                ipc listen $q; echo $?
                """)
                        .expect(0);
        assertEquals(
                List.of("7", "7", "7", "8", "2", "2", "9", "9"),
                result.out().lines().toList());
        for (String told : List.of(
                "/proc/sys/fs/mqueue/msg_max is ",
                "/proc/sys/fs/mqueue/msgsize_max is ",
                "more than the largest message, 10",
                "a priority is 0 to 32767",
                "fifo knows no priorities")) {
            assertTrue(result.err().contains(told), told + " in " + result.err());
        }
    }

    @Test
    void aBridgeTakesOutOfOneAndPutsIntoAnother() throws Exception {
        Result result =
                run("""
                ipc create $q >/dev/null; ipc create fifo:out >/dev/null
                ipc send -p 1 $q one; ipc send -p 2 $q two
                ipc bridge $q fifo:out & bridge=$!
                ipc recv -n 2 fifo:out; kill $bridge; wait $bridge 2>/dev/null; true
                """)
                        .expect(0);
        assertEquals("two\none\n", result.out());
    }

    @Test
    void aBridgeBetweenTwoKeepsPriorities() throws Exception {
        Result result =
                run("""
                ipc create $q >/dev/null; ipc create $q-b >/dev/null; trap 'ipc rm $q-b >/dev/null' EXIT
                ipc send -p 1 $q low; ipc send -p 7 $q high
                ipc bridge --tee --json $q $q-b & bridge=$!
                until [ "$(ipc inspect $q-b | grep '^messages ')" = 'messages     2' ]; do :; done
                ipc send $q-b between -p 3
                kill $bridge; wait $bridge 2>/dev/null
                ipc recv --json -n 3 $q-b | sed 's/.*"data"//'
                ipc send -p 7 $q high; ipc bridge $q "$q-b?priority=2" & bridge=$!
                ipc recv --json $q-b | sed 's/.*"data"//'; kill $bridge; wait $bridge 2>/dev/null; true
                """)
                        .expect(0);
        String head = "{\"schema\":\"ipc.message/1\",\"address\":\"" + name + "\",\"data\":";
        assertEquals(
                List.of(
                        head + "\"high\",\"priority\":7}",
                        head + "\"low\",\"priority\":1}",
                        ":\"high\",\"priority\":7}",
                        ":\"between\",\"priority\":3}",
                        ":\"low\",\"priority\":1}",
                        ":\"high\",\"priority\":2}"),
                result.out().lines().toList());
    }

    @Test
    void theLimitOfAUsersQueuesIsToldWithItsValueAndWhatWouldRaiseIt() throws Exception {
        Result result = run("(ulimit -Sq 20000; ipc create $q; echo $?); ipc create $q >/dev/null; echo $?")
                .expect(0);
        assertEquals(List.of("7", "0"), result.out().lines().toList());
        assertTrue(result.err().contains("RLIMIT_MSGQUEUE is 20000"), result.err());
        assertTrue(result.err().contains("fix: "), result.err());
        assertTrue(result.err().contains("ulimit -q"), result.err());
    }

    @ParameterizedTest
    @CsvSource({
        "-n 2000, 3, 4000",
        "-n 1000 -c 3 -s 0, 4, 3000",
        "-n 100 -c 1 --slow -s 1k, 2, 100",
        "-n 3, 3, 6",
        "--kill-after 200ms, 4, -1",
        "--kill-after 200ms -c 1 --victim producer, 3, -1",
        "--kill-after 200ms --victim consumer, 4, -1"
    })
    void theDemoPasses(String options, int children, long messages) throws Exception {
        Map<String, String> home =
                Map.of("IPC_HOME", place.directory().resolve("home").toString());
        List<String> words = new ArrayList<>(List.of("demo", "--json", "posixmq"));
        words.addAll(List.of(options.split(" ", -1)));
        JsonObject report = DemoProcesses.allPassed(IpcProcess.with(home, "", "", words.toArray(new String[0]))
                        .expect(0))
                .get("posixmq");
        assertEquals(1 + children, report.get("processes").getAsInt());
        assertTrue(messages < 0 || report.get("sent").getAsLong() == messages, report.toString());
        JsonObject facts = report.getAsJsonObject("facts");
        assertEquals(options.startsWith("-n 3") ? 3 : 10, facts.get("filled").getAsInt());
        assertEquals(65_536, facts.get("limit_value").getAsLong());
        assertEquals("HARD_MSGMAX", facts.get("limit").getAsString());
        assertEquals(options.contains("kill"), facts.has("successor"), facts.toString());
        if (options.contains("kill")) {
            int inHand = options.contains("consumer") ? 1 : 0;
            assertEquals(inHand, facts.get("in_hand").getAsInt());
            assertFalse(facts.get("successor").getAsString().isEmpty());
        }
    }
}

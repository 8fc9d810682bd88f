package org.jvmipc.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.jvmipc.cli.IpcProcess.Result;

/** The talking verbs over reliable datagrams. */
@Timeout(240)
class RudpIT {
    /** {@code serve ...} starts a server, waits until it is there, and leaves its address in {@code $a}, and its process in {@code $s}. */
    private static final String SERVE =
            """
            serve() {
                : >port; ipc listen "$@" rudp://127.0.0.1:0 2>port >out & s=$!
                until grep -q '://' port; do sleep 0.02; done
                a=$(grep -o 'rudp://[0-9.:]*' port)
            }
            """;

    private Workplace place;

    @BeforeEach
    void makePlace() throws IOException {
        place = new Workplace();
        byte[] bytes = new byte[3_000_000];
        new Random(1).nextBytes(bytes);
        place.write("in", bytes);
    }

    @AfterEach
    void clearPlace() throws IOException {
        place.close();
    }

    private Result run(String script) throws IOException, InterruptedException {
        return place.run(SERVE + script);
    }

    @Test
    void everyByteArrivesAndTheSenderHasWaitedForIt() throws Exception {
        Result result =
                run("""
                serve -f raw -n 1
                ipc send -f raw $a <in; echo $?; wait $s; echo $?; cmp in out && echo same
                """)
                        .expect(0);
        assertEquals("0\n0\nsame\n", result.out());
    }

    @Test
    void requestsAreAnsweredBridgedAndInspected() throws Exception {
        Result result =
                run("""
                serve --echo
                ipc request $a 'what time is it?'
                ipc inspect $a | grep -c "^server *$s$"; ipc ls -o address,state | grep -c "^$a *in-use"
                ipc create fifo:f >/dev/null; ipc bridge -u fifo:f $a & b=$!; ipc send fifo:f through; wait $b; echo $?
                kill $s; wait $s; echo $?
                ipc send $a x; echo $?
                ipc send -f framed $a x; echo $?; ipc send rudp://192.0.2.1:7 x; echo $?
                ipc send "$a?floor=1h" x; echo $?
                """)
                        .expect(0);
        assertEquals(
                List.of("what time is it?", "1", "1", "0", "143", "4", "2", "2", "2"),
                result.out().lines().toList());
        for (String told : List.of(
                "Connection refused (ECONNREFUSED)",
                "start its server first, as 'ipc listen rudp://127.0.0.1:",
                "-f framed: rudp keeps messages apart by itself",
                "which other machines reach, and nothing is encrypted",
                "PT1H")) {
            assertTrue(result.err().contains(told), told + " in " + result.err());
        }
    }

    @Test
    void aKilledServerIsTold() throws Exception {
        Result result =
                run("""
                serve; ipc recv $a >got 2>err & r=$!
                until [ "$(ipc inspect $a | grep -c '^server')" = 1 ] && grep -q rudp port; do :; done
                ipc request -t 10s $a warm >/dev/null 2>&1
                kill -9 $s; wait $r; echo $?; cat err >&2
                """)
                        .expect(0);
        assertEquals("5\n", result.out());
    }
}

package org.jvmipc.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.jvmipc.cli.IpcProcess.Result;

/** How the verbs that talk end when a signal tells them to, and what the other side sees of it. */
@Timeout(240)
class EndingIT {
    private Workplace place;

    @BeforeEach
    void makePlace() throws IOException {
        place = new Workplace();
    }

    @AfterEach
    void clearPlace() throws IOException {
        place.close();
    }

    @ParameterizedTest
    @CsvSource({"INT, 130", "TERM, 143", "HUP, 129"})
    void whatWasReceivedIsPrintedAndTheCodeNamesTheSignal(String signal, int code) throws Exception {
        Result result = place.run(
                        """
                mkfifo f; exec 9<>f
                set -m; ipc recv -n 0 fifo:$PWD/f >out & r=$!; set +m
                printf '1\\n2\\n' >&9
                until [ -s out ]; do sleep 0.02; done
                kill -%s $r; wait $r; code=$?; cat out; exit $code
                """
                                .formatted(signal))
                .expect(code);
        assertEquals("1\n2\n", result.out());
        assertEquals("", result.err());
    }

    @ParameterizedTest
    @CsvSource({"INT, 130, 0", "TERM, 143, 0", "KILL, 137, 5"})
    void theReceiverOfFramesIsToldHowItsSenderEnded(String signal, int sender, int receiver) throws Exception {
        Result result = place.run(
                        """
                mkfifo f in; exec 8<>in
                set -m; ipc send -f framed fifo:$PWD/f <in & s=$!; set +m
                ipc recv -n 0 -f framed fifo:$PWD/f >out & r=$!
                echo one >&8
                until [ -s out ]; do sleep 0.02; done
                { kill -%s $s; wait $s; } 2>/dev/null; echo $?
                wait $r; echo $?; cat out
                """
                                .formatted(signal))
                .expect(0);
        assertEquals(sender + "\n" + receiver + "\none\n", result.out());
        if (receiver != 0) {
            assertTrue(result.err().contains("; 1 message came before\n"), result.err());
        }
    }

    @Test
    void aSenderThatWaitsEndsAtOnce() throws Exception {
        Result result = place.run(
                        """
                mkfifo f
                set -m; ipc send fifo:$PWD/f x & s=$!; set +m
                # JNA is loaded: the JVM's own start is over, in which a signal makes newer JDKs talk.
                until grep -qs '/jna' /proc/$s/maps; do sleep 0.02; done
                kill -INT $s; wait $s
                """)
                .expect(130);
        assertEquals("", result.err());
    }

    @Test
    void aSecondSignalEndsItAtOnceWhenItsOutputIsStuck() throws Exception {
        Result result = place.run(
                        """
                mkfifo f out; exec 9<>out
                cat /dev/zero >f 2>/dev/null &
                set -m; ipc recv -n 0 -f raw fifo:$PWD/f >out & r=$!; set +m
                # A write to its standard output that does not come back: write(2) on x86-64, on AArch64.
                until grep -Eqs '^(1|64) 0x1 ' /proc/$r/task/*/syscall; do sleep 0.02; done
                for i in {1..30}; do kill -INT $r 2>/dev/null || break; sleep 0.05; done
                wait $r; code=$?; [ $i -lt 30 ] && exit $code
                """)
                .expect(130);
        assertEquals("", result.err());
    }

    @Test
    void whatTheShellIgnoresStaysIgnored() throws Exception {
        Result result = place.run(
                        """
                mkfifo f; exec 9<>f
                (trap '' HUP; exec ipc recv -n 2 fifo:$PWD/f >out) & r=$!
                echo 1 >&9; until [ -s out ]; do sleep 0.02; done
                kill -HUP $r; echo 2 >&9; wait $r; code=$?; cat out; exit $code
                """)
                .expect(0);
        assertEquals("1\n2\n", result.out());
    }
}

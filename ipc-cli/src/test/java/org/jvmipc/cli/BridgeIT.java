package org.jvmipc.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.jvmipc.cli.IpcProcess.Result;

/** {@code bridge} between FIFOs. */
@Timeout(240)
class BridgeIT {
    private Workplace place;

    @BeforeEach
    void makePlace() throws IOException {
        place = new Workplace();
    }

    @AfterEach
    void clearPlace() throws IOException {
        place.close();
    }

    @Test
    void bytesGoByAsTheyAreAndTheEndGoesWithThem() throws Exception {
        place.run(
                        """
                mkfifo a b; head -c 1000000 /dev/urandom >in
                cat in >a & cat b >out & reader=$!
                ipc bridge fifo:$PWD/a fifo:$PWD/b || exit
                wait $reader; cmp in out
                """)
                .expect(0);
    }

    @Test
    void marksMessagesOffAsEachSideDoesAndShowsThem() throws Exception {
        Result result = place.run(
                        """
                mkfifo a b
                ipc create 'fifo:framed?framing=framed' >/dev/null
                printf 'x\\ny\\n' >a & ipc recv -n 0 fifo:framed >out & r=$!
                ipc bridge --tee -f line fifo:$PWD/a 'fifo:framed?framing=framed' || exit
                wait $r && cat out
                """)
                .expect(0);
        assertEquals("x\ny\nx\ny\n", result.out());
    }

    @Test
    void followsFromOneSenderToTheNext() throws Exception {
        Result result = place.run(
                        """
                mkfifo a b; exec 9<>b
                set -m; ipc bridge -F --tee -f line fifo:$PWD/a fifo:$PWD/b >out & bridge=$!; set +m
                echo 1 >a; echo 2 >a
                until [ "$(tail -n 1 out)" = 2 ]; do sleep 0.02; done
                kill -INT $bridge; wait $bridge; echo $?
                timeout 1 head -n 2 <&9; cat out
                """)
                .expect(0);
        assertEquals("130\n1\n2\n1\n2\n", result.out());
        assertEquals("", result.err());
    }

    @Test
    void namesTheSideThatIsMissingOrLate() throws Exception {
        Result result = place.run(
                        """
                mkfifo a b
                ipc bridge fifo:$PWD/none fifo:$PWD/b; echo $?
                ipc bridge fifo:$PWD/a fifo:$PWD/none; echo $?
                ipc bridge fifo:$PWD/a fifo:$PWD/a; echo $?
                ipc bridge -t 300ms fifo:$PWD/a fifo:$PWD/b; echo $?
                ipc bridge --no-wait fifo:$PWD/a fifo:$PWD/b; echo $?
                """)
                .expect(0);
        assertEquals("4\n4\n2\n124\n8\n", result.out());
        assertTrue(result.err().contains("/b: nobody was receiving within 300ms\n"), result.err());
        assertTrue(result.err().matches("(?s).*ipc: bridge fifo:\\S*/none: No such file.*"), result.err());
    }

    @Test
    void linesKeepTheirEndsWhereOneSideAloneIsSettled() throws Exception {
        Result result = place.run(
                        """
                mkfifo plain; ipc create fifo:$PWD/lines >/dev/null
                printf '1\\n2\\n' >lines & timeout 20 cat plain & r=$!
                ipc bridge fifo:$PWD/lines fifo:$PWD/plain || exit; wait $r
                printf '3\\n4\\n' >plain & timeout 20 cat lines & r=$!
                ipc bridge fifo:$PWD/plain fifo:$PWD/lines || exit; wait $r
                """)
                .expect(0);
        assertEquals("1\n2\n3\n4\n", result.out());
    }

    @Test
    void whatCameWholeBeforeAFailureIsHandedOver() throws Exception {
        Result result = place.run(
                        """
                mkfifo a b
                printf '\\1\\0\\0\\0x\\1\\0\\0\\0y\\5\\0\\0\\0part' >a &
                ipc recv -t 20s -n 0 -f len32 --format '{data};' fifo:$PWD/b >out & r=$!
                ipc bridge -f len32 fifo:$PWD/a fifo:$PWD/b; code=$?
                wait $r; tr -d '\\0-\\10' <out; exit $code
                """)
                .expect(5);
        assertEquals("x;y;", result.out());
    }
}

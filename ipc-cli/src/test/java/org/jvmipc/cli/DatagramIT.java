package org.jvmipc.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.jvmipc.cli.IpcProcess.Result;

/** The talking verbs over datagrams, with programs that know nothing of the toolkit. */
@Timeout(240)
class DatagramIT {
    /** Starts a verb at a port that the kernel chooses, and leaves the address in {@code $a}, the process in {@code $s}. */
    private static final String AT =
            """
            at() {
                local verb=$1; shift
                : >port; ipc $verb "$@" 2>port & s=$!
                until grep -q '://' port; do sleep 0.02; done
                a=$(grep -o 'udp://[0-9.:]*' port)
            }
            any=udp://127.0.0.1:0
            """;

    private Workplace place;

    @BeforeEach
    void makePlace() throws IOException {
        place = new Workplace();
    }

    @AfterEach
    void clearPlace() throws IOException {
        place.close();
    }

    private Result run(String script) throws IOException, InterruptedException {
        return place.run(AT + script);
    }

    @Test
    void messagesKeepTheirBoundariesWhateverTheyAre() throws Exception {
        Result result =
                run("""
                at recv -n 5 --format '{bytes}:{data}' $any >got
                ipc send $a one 'two
                lines' ''; printf 'a\\0b\\0' | ipc send -f nul $a; wait $s; echo $?; cat got
                """)
                        .expect(0);
        assertEquals("0\n3:one\n9:two\nlines\n0:\n1:a\n1:b\n", result.out(), result.err());
    }

    @Test
    void answersEachSource() throws Exception {
        assumeTrue(Workplace.has("python3"), "there is no python3");
        assumeTrue(Workplace.has("socat"), "there is no socat");
        Result result =
                run("""
                at listen --echo $any
                ipc request -t 60s $a hello
                printf 'socat\\n' | timeout 60 socat -T 1 - udp:${a#udp://}
                timeout 60 python3 - ${a##*:} <<'P'
                import socket, sys
                ends = [socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for i in range(3)]
                for i, s in enumerate(ends):
                    s.settimeout(60); s.sendto(b"end\\0%d" % i, ("127.0.0.1", int(sys.argv[1])))
                print([s.recv(100) for s in ends] == [b"end\\0%d" % i for i in range(3)])
                P
                ipc listen --echo $a; echo $?; ipc recv $a; echo $?
                """)
                        .expect(0);
        assertEquals("hello\nsocat\nTrue\n8\n8\n", result.out(), result.err());
    }

    @Test
    void repliesWithWhatACommandPrints() throws Exception {
        Result result =
                run("""
                at listen --exec 'tr a-z A-Z' -n 1 "$any?idle=500ms"
                ipc request -t 60s $a hello; wait $s; echo $?
                """)
                        .expect(0);
        assertEquals("HELLO\n0\n", result.out(), result.err());
    }

    @Test
    void nobodyAtThePortIsAPeerThatIsGone() throws Exception {
        Result result =
                run("""
                at recv -n 1 $any >/dev/null; ipc send $a x; wait $s
                ipc request $a x; echo $?; ipc send --rate 20 $a 1 2 3; echo $?; ipc inspect $a; echo $?
                """)
                        .expect(0);
        assertEquals("5\n5\n4\n", result.out(), result.err());
        assertTrue(
                result.err().contains("\n  fix: start who receives there first, as 'ipc listen udp://"), result.err());
    }

    @Test
    void tellsWhatTooMuchAndTooLongIs() throws Exception {
        Result result =
                run("""
                ipc recv --no-wait $any; echo $?; ipc recv -t 100ms -n 0 $any; echo $?; ipc recv -t 100ms -F $any; echo $?
                at recv -n 1 $any >/dev/null
                head -c 70000 /dev/zero | tr '\\0' x | ipc send $a; echo $?
                ipc send -f framed $a x; echo $?; ipc send udp://192.0.2.1:7 x; echo $?
                ipc create $a; echo $?; ipc rm $a; echo $?; ipc send $a x; wait $s
                """)
                        .expect(0);
        assertEquals("8\n124\n124\n7\n2\n2\n9\n8\n", result.out().replace("9\n9\n", "9\n8\n"), result.err());
    }

    @Test
    void bridgesDatagramsToAStreamOfLines() throws Exception {
        Result result =
                run("""
                mkfifo f; timeout 60 head -n 3 f >out & r=$!
                : >port; ipc bridge $any fifo:$PWD/f 2>port & b=$!
                until grep -q '://' port; do sleep 0.02; done; a=$(grep -o 'udp://[0-9.:]*' port)
                ipc send $a 1 2 3; wait $r; cat out; kill $b
                """)
                        .expect(0);
        assertEquals("1\n2\n3\n", result.out(), result.err());
    }
}

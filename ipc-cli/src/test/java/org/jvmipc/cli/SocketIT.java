package org.jvmipc.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.jvmipc.cli.IpcProcess.Result;

/** The talking verbs over stream sockets, with programs that know nothing of the toolkit. */
@Timeout(240)
class SocketIT {
    private static final int BYTES = 3_000_000;

    /**
     * {@code serve tcp ...} and {@code serve uds ...} start a server, wait until it is there, and leave its address in
     * {@code $a}, and its process in {@code $s}; {@code peer} is the same for socat.
     */
    private static final String SERVE =
            """
            serve() {
                local scheme=$1; shift
                if [ $scheme = uds ]; then
                    rm -f sock; ipc listen uds:$PWD/sock "$@" & s=$!
                    until [ -S sock ]; do sleep 0.02; done
                    a=uds:$PWD/sock peer=UNIX-CONNECT:$PWD/sock
                else
                    : >port; ipc listen tcp://127.0.0.1:0 "$@" 2>port & s=$!
                    until grep -q '://' port; do sleep 0.02; done
                    a=$(grep -o 'tcp://[0-9.:]*' port) peer=TCP:${a#tcp://}
                fi
            }
            """;

    private Workplace place;

    @BeforeEach
    void makePlace() throws IOException {
        place = new Workplace();
        byte[] bytes = new byte[BYTES];
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

    // ---- other programs

    @ParameterizedTest
    @ValueSource(strings = {"tcp", "uds"})
    void echoesEveryByteToTheEnd(String scheme) throws Exception {
        Result result = run("serve " + scheme
                        + """
                         --echo -n 2
                ipc request -f raw $a <in >out; cmp in out && echo same
                ipc request -f raw $a x; echo
                wait $s; echo $?
                """)
                .expect(0);
        assertEquals("same\nx\n0\n", result.out());
    }

    @ParameterizedTest
    @ValueSource(strings = {"tcp", "uds"})
    void echoesToSocatWhichEndsItsDirectionFirst(String scheme) throws Exception {
        assumeTrue(Workplace.has("socat"), "there is no socat");
        Result result = run("serve " + scheme
                        + """
                         --echo -n 1
                timeout 60 socat -t 60 - $peer <in >out; cmp in out && echo same
                wait $s; echo $?
                """)
                .expect(0);
        assertEquals("same\n0\n", result.out());
    }

    @ParameterizedTest
    @ValueSource(strings = {"tcp", "uds"})
    void echoesToPythonWhichReadsOnlyAfterItsEnd(String scheme) throws Exception {
        assumeTrue(Workplace.has("python3"), "there is no python3");
        Result result = run("serve " + scheme
                        + """
                         --echo -n 1
                timeout 60 python3 - "$a" <<'P'
                import socket, sys
                address = sys.argv[1]
                if address.startswith("uds:"):
                    s = socket.socket(socket.AF_UNIX); s.connect(address[4:])
                else:
                    s = socket.create_connection(("127.0.0.1", int(address.rsplit(":", 1)[1])))
                s.settimeout(60)
                sent = open("in", "rb").read()[:20000]
                for i in range(100): s.send(sent[i:i + 1])      # one byte at a time
                s.sendall(sent[100:]); s.shutdown(socket.SHUT_WR)
                got = b""
                while True:
                    part = s.recv(4096)
                    if not part: break
                    got += part
                print(got == sent)
                P
                wait $s; echo $?
                """)
                .expect(0);
        assertEquals("True\n0\n", result.out());
    }

    @Test
    void takesExactlyWhatItPrintsFromAServerOfAnotherProgram() throws Exception {
        assumeTrue(Workplace.has("socat"), "there is no socat");
        Result result =
                run("""
                server() { rm -f seq; timeout 60 socat UNIX-LISTEN:seq SYSTEM:'seq 5' 2>/dev/null & }
                server; ipc recv -t 60s -n 2 uds:$PWD/seq; echo $?
                server; ipc recv -t 60s -n 0 uds:$PWD/seq; echo $?
                server; ipc recv -t 60s -n 9 uds:$PWD/seq; echo $?
                """)
                        .expect(0);
        assertEquals("1\n2\n0\n1\n2\n3\n4\n5\n0\n1\n2\n3\n4\n5\n5\n", result.out());
        assertTrue(result.err().contains("; 5 of 9 messages came\n"), result.err());
    }

    // ---- the toolkit's own

    @ParameterizedTest
    @CsvSource({"tcp, line", "uds, line", "tcp, framed", "uds, len32"})
    void repliesToRequestsAndPrintsWhatIsSent(String scheme, String frame) throws Exception {
        Result result = run("f=" + frame + "; serve " + scheme
                        + " -f $f --exec 'tr a-z A-Z' -n 2\n"
                        + """
                ipc request -f $f --json $a hello | grep -o '"data":.*'; ipc request -f $f $a x >/dev/null; wait $s
                serve SCHEME -f $f -n 2 >got
                ipc send -f $f $a a b; printf 'c\\n' | ipc send -f line "$a?framing=$f"; wait $s; tr -d '\\0-\\10' <got
                """
                                .replace("SCHEME", scheme))
                .expect(0);
        assertTrue(result.out().startsWith("\"data\":\"HELLO\"}\n"), result.toString());
        String got = result.out().substring(result.out().indexOf('\n') + 1);
        assertEquals("abc", got.replace("\n", ""), result.toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"tcp", "uds"})
    void waitsForAServerThatIsNotThereYetOnlyIfAsked(String scheme) throws Exception {
        Result result = run("serve " + scheme
                        + """
                 -n 1 >/dev/null
                ipc send $a x; wait $s
                ipc request $a x; echo $?; ipc request --no-wait $a x; echo $?
                ipc recv $a; echo $?; ipc send --no-wait $a x; echo $?
                ipc send -t 200ms $a x; echo $?; ipc recv -t 200ms $a; echo $?
                ipc request -t 60s $a early & r=$!
                ipc listen -n 1 --echo $a; wait $r; echo $?
                """)
                .expect(0);
        assertEquals("4\n4\n4\n4\n124\n124\nearly\n0\n", result.out());
        assertTrue(
                result.err().contains("\n  fix: start its server first, as 'ipc listen " + scheme + ":"), result.err());
        assertTrue(result.err().contains(": no server was there within 200ms\n"), result.err());
    }

    @ParameterizedTest
    @ValueSource(strings = {"tcp", "uds"})
    void aPlaceThatIsTakenIsBusyAndStaysWithItsServer(String scheme) throws Exception {
        Result result = run("serve " + scheme
                        + """
                 --echo
                ipc listen $a; echo $?
                ipc request -f line $a still; ipc inspect $a | grep -c "server *$s\\|backlog *128"
                ipc ls --no-header -o state $a
                { kill -KILL $s; wait $s; } 2>/dev/null
                ipc request $a x; echo $?
                ipc listen -n 1 --echo $a & until ipc request -t 30s $a again; do :; done; wait $!
                """)
                .expect(0);
        assertEquals("8\nstill\n2\nin-use\n4\nagain\n", result.out(), result.err());
        assertTrue(result.err().contains("Address already in use (EADDRINUSE)\n  fix: 'ipc inspect "), result.err());
    }

    @ParameterizedTest
    @ValueSource(strings = {"tcp", "uds"})
    void aPeerThatDiesIsNamedAndSpoilsNoOther(String scheme) throws Exception {
        Result result = run("serve " + scheme
                        + """
                 -f framed --echo --backlog 3
                mkfifo hold; ipc send -f framed $a <hold & c=$!; exec 8>hold
                ipc request -f framed $a one
                { kill -KILL $c; wait $c; } 2>/dev/null; exec 8>&-
                ipc request -f framed $a two
                { kill -KILL $s; wait $s; } 2>/dev/null
                serve SCHEME -f framed --exec 'touch got; sleep 60'
                ipc request -f framed $a x & r=$!; until [ -e got ]; do sleep 0.02; done
                { kill -KILL $s; wait $s; } 2>/dev/null; wait $r; echo $?
                """
                                .replace("SCHEME", scheme))
                .expect(0);
        assertEquals("one\ntwo\n5\n", result.out(), result.err());
    }

    @ParameterizedTest
    @ValueSource(strings = {"tcp", "uds"})
    void endsByCtrlCAndTakesItsNameWithIt(String scheme) throws Exception {
        Result result = run("set -m; serve " + scheme
                        + """
                 --echo; set +m
                ipc request -f line $a x
                kill -INT $s; wait $s; echo $?
                ipc inspect $a 2>/dev/null; echo $?; ipc ls --no-header
                """)
                .expect(0);
        assertEquals("x\n130\n4\n", result.out(), result.err());
    }

    /** A server in Python that sends what is in {@code in}, ends its direction, and puts into {@code back} what comes back. */
    private static final String PYTHON_SERVER =
            """
            rm -f python
            timeout 120 python3 - <<'P' & p=$!
            import os, socket
            welcome = socket.socket(); welcome.bind(("127.0.0.1", 0)); welcome.listen(1)
            open("port.new", "w").write(str(welcome.getsockname()[1])); os.rename("port.new", "python")
            s = welcome.accept()[0]; s.sendall(open("in", "rb").read()); s.shutdown(socket.SHUT_WR)
            back = open("back", "wb")
            while True:
                part = s.recv(65536)
                if not part: break
                back.write(part)
            P
            until [ -e python ]; do sleep 0.02; done; server=tcp://127.0.0.1:$(cat python)
            """;

    @Test
    void bridgesAStreamToAFifo() throws Exception {
        assumeTrue(Workplace.has("python3"), "there is no python3");
        Result result = run(PYTHON_SERVER
                        + """
                mkfifo f; timeout 120 cat f >out & r=$!
                ipc bridge $server fifo:$PWD/f; echo $?
                wait $r; cmp in out && echo same; wait $p; echo $?
                """)
                .expect(0);
        assertEquals("0\nsame\n0\n", result.out(), result.err());
    }

    @Test
    void bridgesStreamsBothWaysAndPassesEachEndOn() throws Exception {
        assumeTrue(Workplace.has("python3"), "there is no python3");
        Result result = run("""
                head -c 100000 in >small; mv small in
                """
                        + PYTHON_SERVER
                        + """
                serve uds --echo -n 1
                ipc bridge $server $a; echo $?
                wait $p; cmp in back && echo same; wait $s; echo $?
                ipc bridge $server $server; echo $?; ipc bridge $server $a; echo $?
                ipc bridge -t 200ms $server $a; echo $?
                """)
                .expect(0);
        assertEquals("0\nsame\n0\n2\n4\n124\n", result.out(), result.err());
    }

    // ---- limits

    @Test
    void otherMachinesWantAWordMore() throws Exception {
        Result result =
                run("""
                ipc listen tcp://0.0.0.0:0; echo $?; ipc send tcp://192.0.2.1:7000 x; echo $?
                ipc listen -t 100ms 'tcp://0.0.0.0:0?insecure'; echo $?
                ipc listen tcp://nowhere; echo $?; ipc create uds:x; echo $?; ipc rm tcp://127.0.0.1:7; echo $?
                ipc listen 'uds:x?backlogg=1'; echo $?; ipc listen uds:x --backlog 0; echo $?
                """)
                        .expect(0);
        assertEquals("2\n2\n124\n2\n9\n9\n2\n2\n", result.out(), result.err());
        assertTrue(result.err().contains("  fix: 'tcp://0.0.0.0:0?insecure' allows it\n"), result.err());
    }

    @Test
    void aUnixSocketInUseIsNotRemovedAndAStaleOneIs() throws Exception {
        Result result =
                run("""
                ipc listen uds:orders & s=$!; until ipc inspect uds:orders >/dev/null 2>&1; do sleep 0.1; done
                ipc rm uds:orders; echo $?
                { kill -KILL $s; wait $s; } 2>/dev/null
                ipc ls --no-header -o address,state; ipc rm --stale -y >/dev/null; ipc ls --no-header
                """)
                        .expect(0);
        assertEquals("8\nuds:orders  stale\n", result.out(), result.err());
    }
}

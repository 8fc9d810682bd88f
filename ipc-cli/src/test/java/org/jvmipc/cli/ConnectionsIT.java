package org.jvmipc.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.jvmipc.cli.IpcProcess.Result;

/** {@code listen}, {@code request} and a bridge both ways, over a transport of the tests that makes connections. */
@Timeout(240)
class ConnectionsIT {
    private static final Map<String, String> WITH_IT = Map.of("IPC_CLASS_PATH", Workplace.classPath("testuds"));

    /** Starts a server, and returns when it is there. */
    private static final String LISTEN =
            """
            listen() { ipc listen "$@" & until [ -S "${1#testuds:}" ]; do sleep 0.02; done; }
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

    @Test
    void echoesWhatIsRequestedAndEndsAfterSoMany() throws Exception {
        Result result = place.run(
                        WITH_IT,
                        LISTEN
                                + """
                listen testuds:$PWD/s --echo -n 3
                ipc request testuds:$PWD/s hello
                printf 'one\\ntwo\\n' | ipc request testuds:$PWD/s
                printf 'one\\ntwo\\n' | ipc request -f raw testuds:$PWD/s
                wait $!; echo $?
                """)
                .expect(0);
        assertEquals("hello\none\none\ntwo\n0\n", result.out());
        assertEquals("", result.err());
    }

    @Test
    void repliesWithWhatACommandPrints() throws Exception {
        Result result = place.run(
                        WITH_IT,
                        LISTEN
                                + """
                listen testuds:$PWD/s --exec 'tr a-z A-Z; exit 3' -n 1
                ipc request testuds:$PWD/s hello; wait
                """)
                .expect(0);
        assertEquals("HELLO\n", result.out());
        assertTrue(result.err().endsWith(": tr a-z A-Z; exit 3: exit code 3\n"), result.err());
    }

    @Test
    void printsWhatIsSent() throws Exception {
        Result result = place.run(
                        WITH_IT,
                        LISTEN
                                + """
                listen testuds:$PWD/s -n 1; ipc send testuds:$PWD/s a b; wait
                """)
                .expect(0);
        assertEquals("a\nb\n", result.out());
    }

    @Test
    void tellsWhyThereIsNoReply() throws Exception {
        Result result = place.run(
                        WITH_IT,
                        LISTEN
                                + """
                ipc request testuds:$PWD/none x; echo $?
                listen testuds:$PWD/s -n 1 >/dev/null
                ipc request -t 500ms testuds:$PWD/s x; echo $?
                listen testuds:$PWD/u --exec 'touch got; sleep 20'; s=$!
                ipc request testuds:$PWD/u x & r=$!
                until [ -e got ]; do sleep 0.02; done
                { kill -KILL $s; wait $s; } 2>/dev/null; wait $r; echo $?
                ipc listen -t 100ms testuds:$PWD/t; echo $?
                ipc request fifo:$PWD/s x; echo $?
                """)
                .expect(0);
        assertEquals("4\n124\n5\n124\n9\n", result.out());
        assertTrue(result.err().contains(": no reply came within 500ms; the message was sent\n"), result.err());
    }

    @Test
    void bridgesBothWaysOrOne() throws Exception {
        assumeTrue(Workplace.has("python3"), "python3, whose server speaks first, is not on the PATH");
        Result result = place.run(
                        WITH_IT,
                        LISTEN
                                + """
                cat >server.py <<end
                import socket, struct
                server = socket.socket(socket.AF_UNIX)
                server.bind("a")
                server.listen()
                for turn in (1, 2):
                    client = server.accept()[0]
                    client.sendall(struct.pack(">i", 2) + b"hi")
                    if turn == 1:
                        print("back:", client.recv(100)[4:].decode(), flush=True)
                    client.close()
                end
                python3 server.py & until [ -S a ]; do sleep 0.02; done
                listen testuds:$PWD/b --echo -n 1
                ipc bridge testuds:$PWD/a testuds:$PWD/b; echo $?; wait $!
                listen testuds:$PWD/b -n 1
                ipc bridge -u testuds:$PWD/a testuds:$PWD/b; echo $?; wait
                """)
                .expect(0);
        assertEquals("back: hi\n0\n0hi\n", result.out().replaceFirst("(?s)\n(hi\n0\n|0\nhi\n)$", "\n0hi\n"));
    }
}

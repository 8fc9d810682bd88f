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

/** {@code signal}, {@code send signal:PID}, and peers that are not ours. */
@Timeout(240)
class SignalIT {
    /** Starts a watch of these arguments in the background; its pid is in {@code $p} once signals can be sent. */
    private static final String WATCH =
            """
            watch() {
                : >said
                ipc signal watch "$@" >got 2>said &
                w=$!
                until p=$(sed -n 's/ ready$//p; s/.*ready.*:\\([0-9]*\\)}/\\1/p' said) && [ -n "$p" ]; do
                    kill -0 $w 2>/dev/null || { cat said >&2; exit 99; }
                    sleep 0.02
                done
            }
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
    void valuesComeWithTheirSenderAndInOrder() throws Exception {
        Result result = place.run(
                        WATCH
                                + """
                watch RTMIN+1 USR1 -n 5
                ipc signal send $p RTMIN+1 --value 42
                seq -5 -4 | ipc send signal:$p
                kill -s RTMIN+1 $p
                until [ $(wc -l <got) = 4 ]; do sleep 0.02; done # of several numbers the lowest comes first
                kill -s USR1 $p
                wait $w; echo $?
                sed "s/pid=$$ /pid=shell /; s/pid=[0-9][0-9]*/pid=N/; s/uid=$(id -u)/uid=me/" got
                """)
                .expect(0);
        assertEquals(
                """
                0
                RTMIN+1 42 SI_QUEUE pid=N uid=me
                RTMIN+1 -5 SI_QUEUE pid=N uid=me
                RTMIN+1 -4 SI_QUEUE pid=N uid=me
                RTMIN+1 - SI_USER pid=shell uid=me
                USR1 - SI_USER pid=shell uid=me
                """,
                result.out());
    }

    @Test
    void aPythonProgramSendsValues() throws Exception {
        assumeTrue(Workplace.has("python3"), "python3 is not installed");
        Result result = place.run(
                        WATCH
                                + """
                cat >queue.py <<'PY'
                import ctypes, os, sys
                class Value(ctypes.Union):
                    _fields_ = [("number", ctypes.c_int), ("pointer", ctypes.c_void_p)]
                libc = ctypes.CDLL(None, use_errno=True)
                libc.sigqueue.argtypes = [ctypes.c_int, ctypes.c_int, Value]
                for word in sys.argv[2:]:
                    if libc.sigqueue(int(sys.argv[1]), 35, Value(number=int(word))) != 0:
                        sys.exit(os.strerror(ctypes.get_errno()))
                print(os.getpid())
                PY
                watch RTMIN+1 -n 4 --json
                q=$(python3 queue.py $p 1 2147483647 -2147483648)
                kill -s RTMIN+1 $p
                wait $w; echo $?
                sed "s/:$q,/:python,/; s/:$$,/:shell,/; s/\\"uid\\":$(id -u)}/me}/" got
                """)
                .expect(0);
        String python = "\"code\":\"SI_QUEUE\",\"pid\":python,me}\n";
        String head = "{\"schema\":\"ipc.signal/1\",\"signal\":\"RTMIN+1\",\"number\":35,";
        assertEquals(
                "0\n" + head + "\"value\":1," + python + head + "\"value\":2147483647," + python + head
                        + "\"value\":-2147483648," + python + head + "\"code\":\"SI_USER\",\"pid\":shell,me}\n",
                result.out());
    }

    @Test
    void whatTheJvmHandsOverHasNoSender() throws Exception {
        Result result = place.run(
                        WATCH
                                + """
                watch TERM -n 2 # not HUP or INT, which may be ignored from the start: under nohup, in the background
                kill -TERM $p; until grep -q TERM got; do sleep 0.02; done; kill -TERM $p
                wait $w; echo $?; cat got
                """)
                .expect(0);
        assertEquals("0\nTERM - UNKNOWN\nTERM - UNKNOWN\n", result.out());
    }

    @Test
    void itEndsAsAllThatWaitDo() throws Exception {
        Result result = place.run(
                        WATCH
                                + """
                watch RTMIN+2 -n 2
                ipc signal send $p RTMIN+2 --value 1; until [ -s got ]; do sleep 0.02; done
                kill -TERM $p; wait $w; echo $?
                ipc signal watch RTMIN+2 -n 2 -t 50ms 2>/dev/null; echo $?
                ipc signal watch RTMIN+2 --no-wait 2>/dev/null; echo $?
                ipc signal watch RTMIN+2 -n 1 --no-wait 2>/dev/null; echo $?
                { ipc signal watch RTMIN+2; echo $? >code; } 2>said3 | head -1 >/dev/null &
                until p=$(sed -n 's/ ready$//p' said3) && [ -n "$p" ]; do sleep 0.02; done
                until [ -s code ]; do ipc signal send $p RTMIN+2 --value 3 2>/dev/null; done
                cat code
                """)
                .expect(0);
        assertEquals("143\n124\n0\n8\n141\n", result.out());
    }

    @Test
    void whatCannotBeIsToldWithItsReason() throws Exception {
        Result result = place.run(
                        """
                ipc signal watch KILL; echo $?
                ipc signal watch USR2; echo $?
                ipc signal watch RTMIN+99; echo $?
                ipc signal wach RTMIN; echo $?
                ipc signal send 4711; echo $?
                ipc signal send x TERM; echo $?
                ipc signal send 0 TERM; echo $?
                ipc signal send 1 KILL; echo $?
                ipc signal send 2147483000 TERM; echo $?
                ipc signal send $$ TREM; echo $?
                ipc signal watch RTMIN RTMIN+0; echo $?
                ipc signal list x; echo $?
                ipc recv signal:$$; echo $?
                echo nine | ipc send signal:$$; echo $?
                ipc signal send 2147483000 RTMIN --json 2>&1 | grep -o '"exit":4,"errno":"ESRCH","address":"signal:2147483000"'
                """)
                .expect(0);
        assertEquals(
                "9\n9\n2\n2\n2\n2\n2\n2\n4\n2\n2\n2\n9\n2\n\"exit\":4,\"errno\":\"ESRCH\",\"address\":\"signal:2147483000\"\n",
                result.out());
        assertTrue(result.err().contains("did you mean watch?"), result.err());
        assertTrue(result.err().contains("did you mean TERM?"), result.err());
        assertTrue(result.err().contains("SIGKILL (9) cannot be received: "), result.err());
    }

    @Test
    void theListHasAllOfThem() throws Exception {
        Result result = place.run(
                        """
                ipc signal list | sed -n '1p;/^ *[0-9]* *\\(TERM\\|KILL\\|RTMIN+1\\) /p' | awk '{print $1, $2, $3, $4}'
                ipc signal list --json | wc -l
                ipc signal list | head -1 | cut -c1-6; echo ${PIPESTATUS[0]}
                """)
                .expect(0);
        assertEquals(
                """
                NUMBER NAME DEFAULT USABLE
                9 KILL terminate no
                15 TERM terminate yes
                35 RTMIN+1 terminate yes
                64
                NUMBER
                0
                """,
                result.out());
    }

    @Test
    void inspectTellsHowFullTheQueueIs() throws Exception {
        Result result = place.run(
                        WATCH
                                + """
                watch RTMIN+1 -n 1
                ipc inspect signal:$p | grep -c 'limit\\|blocked'
                ipc signal send $p RTMIN+1 --value 7; wait $w
                """)
                .expect(0);
        assertEquals("2\n", result.out());
    }

    @Test
    void itEndsAsItShouldHoweverLongTheSenderGoesOn() throws Exception {
        Result result = place.run(
                        WATCH
                                + """
                flood() { while kill -s RTMIN+1 $1; do :; done 2>/dev/null & }
                watch RTMIN+1 -n 3
                flood $p
                wait $w; echo $?; wc -l <got
                watch RTMIN+1
                flood $p
                until [ -s got ]; do sleep 0.02; done
                kill -TERM $p; wait $w; echo $?
                watch RTMIN+1 -t 300ms
                flood $p
                wait $w; echo $?
                { ipc signal watch RTMIN+1; echo $? >code; } 2>said3 | head -1 >/dev/null &
                until p=$(sed -n 's/ ready$//p' said3) && [ -n "$p" ]; do sleep 0.02; done
                flood $p
                until [ -s code ]; do sleep 0.02; done
                cat code
                """)
                .expect(0);
        assertEquals("0\n3\n143\n124\n141\n", result.out());
    }
}

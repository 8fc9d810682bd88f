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

/** {@code sem} and {@code lock}, what becomes of them when somebody is killed, and peers that are not ours. */
@Timeout(240)
class SyncIT {
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
    void pAndVFromTheShell() throws Exception {
        Result result = place.run(
                        """
                ipc create sem:s --value 0; ipc sem post -n 2 sem:s; ipc sem value sem:s
                ipc sem wait sem:s; ipc sem wait --json sem:s; ipc sem wait --no-wait sem:s; echo $?
                ipc sem wait -t 50ms sem:s; echo $?
                ipc sem wait sem:none; echo $?
                ipc sem wait fifo:x; echo $?
                ipc sem wiat sem:s; echo $?
                """)
                .expect(0);
        assertEquals(
                """
                sem:s
                2
                {"schema":"ipc.sem/1","action":"wait","address":"sem:s","value":0,"robust":false}
                8
                124
                4
                2
                2
                """,
                result.out());
        assertTrue(result.err().contains("did you mean wait?"), result.err());
        assertTrue(result.err().contains("fix: create it with 'ipc create sem:none'"), result.err());
    }

    @Test
    void aRobustPermitComesBackFromAKilledHolder() throws Exception {
        Result result = place.run(
                        """
                ipc create sem:r --robust
                ipc sem run sem:r -- sh -c 'echo $PPID > pid; exec sleep 30 >/dev/null 2>&1' &
                until [ -s pid ]; do sleep 0.05; done
                ipc sem value sem:r
                ipc sem wait sem:r; echo $?
                kill -9 $(cat pid)
                ipc sem run sem:r -t 10s -- echo mine
                """)
                .expect(0);
        assertEquals("sem:r\n0\n2\nmine\n", result.out());
        assertTrue(result.err().contains("ipc sem run sem:r"), result.err());
    }

    @Test
    void lockReturnsTheCommandsCodeAndItsOwnOthers() throws Exception {
        Result result = place.run(
                        """
                ipc lock lock:l -- sh -c 'exit 7'; echo $?
                ipc lock lock:l -- no-such-command; echo $?
                ipc lock lock:l -- "$PWD"; echo $?
                ipc lock mutex:none -- true; echo $?
                ipc lock lock:l; echo $?
                ipc lock fifo:x -- true; echo $?
                ipc lock lock:l -- ipc lock lock:l --no-wait -- true; echo $?
                ipc lock lock:l -- ipc lock lock:l -t 50ms -- true; echo $?
                ipc lock lock:l --shared -- ipc lock lock:l --shared -- echo shared
                ipc create 'rwlock:w?writer-preference=true'
                ipc lock rwlock:w --shared -- ipc lock rwlock:w --shared -- echo both read
                ipc lock rwlock:w --shared -- ipc lock rwlock:w --no-wait -- echo never; echo $?
                ipc lock rwlock:w -- ipc lock rwlock:w --shared -t 50ms -- echo never; echo $?
                ipc lock mutex:none --shared -- true; echo $?
                ipc --json lock mutex:none -- true 2>&1 | grep -o '"exit":4'
                """)
                .expect(0);
        assertEquals(
                "7\n127\n126\n125\n2\n2\n8\n124\nshared\nrwlock:w\nboth read\n8\n124\n2\n\"exit\":4\n", result.out());
    }

    @Test
    void theNextHolderIsToldOfAKilledOne() throws Exception {
        for (String lock : new String[] {"mutex:m", "lock:l", "rwlock:w"}) {
            String script =
                    """
                    ipc create LOCK >/dev/null
                    ipc lock LOCK -- sh -c 'echo $PPID > pid; exec sleep 30 >/dev/null 2>&1' &
                    until [ -s pid ]; do sleep 0.05; done
                    ipc inspect --json LOCK | grep -oE '"(holder|writer)":[0-9]*' | tr -cd '0-9' | cmp - <(tr -d '\\n' < pid) && echo seen
                    kill -9 $(cat pid)
                    ipc lock LOCK -t 10s -- echo mine
                    ipc lock LOCK -- echo quiet
                    rm pid
                    """;
            Result result = place.run(script.replace("LOCK", lock)).expect(0);
            assertEquals("seen\nmine\nquiet\n", result.out(), lock + result.err());
            assertEquals(1, result.err().split("died with it", -1).length - 1, result.err());
        }
    }

    @Test
    void excludesPythonsFcntlLocksBothWays() throws Exception {
        assumeTrue(Workplace.has("python3"), "there is no python3");
        Result result = place.run(
                        """
                cat > try.py <<'END'
                import fcntl, sys
                with open(sys.argv[1], "a") as f:
                    try:
                        fcntl.lockf(f, fcntl.LOCK_EX | fcntl.LOCK_NB)
                        print("got", flush=True)
                        sys.stdin.read()
                    except OSError:
                        print("refused")
                END
                ipc lock "lock:$PWD/f" -- sh -c 'cat f; python3 try.py f </dev/null'
                python3 try.py f </dev/null
                mkfifo hold; python3 try.py f < hold > held & exec 9> hold
                until grep -q got held; do sleep 0.05; done
                ipc lock "lock:$PWD/f" --no-wait -- echo never; echo $?
                exec 9>&-; wait
                ipc lock "lock:$PWD/f" --no-wait -- echo free
                """)
                .expect(0);
        assertEquals("refused\ngot\n8\nfree\n", result.out());
    }

    @Test
    void inspectAndLsAndRm() throws Exception {
        Result result = place.run(
                        """
                ipc create 'segment:s?participants=3'; ipc create mutex:m; ipc create --robust --value 3 sem:r
                ipc create lock:l; ipc create --owned sem:own; ipc create rwlock:w
                ipc create cond:c; ipc create 'barrier:b?parties=3'; ipc create 'barrier:b2?parties=0'; echo $?
                ipc ls --no-header -o address,state
                ipc inspect sem:r | grep -E '^(mode|value|permits|waiting)'
                ipc inspect mutex:m | grep -E '^(held|fence|participants)'
                ipc inspect rwlock:w | grep -E '^(preference|written|readers|fence)'
                ipc inspect cond:c | grep -E '^(sequence|waiting)'
                ipc inspect barrier:b | grep -E '^(parties|arrived|broken|taking)'
                ipc inspect segment:s | grep -E '^(participants|room)'
                ipc rm mutex:m lock:l sem:r segment:s rwlock:w cond:c barrier:b; ipc rm --force sem:own
                """)
                .expect(0);
        assertTrue(result.out().contains("mutex:m    idle\n"), result.out());
        assertTrue(result.out().contains("rwlock:w   idle\n"), result.out());
        assertTrue(result.out().contains("cond:c     idle\n"), result.out());
        assertTrue(result.out().contains("barrier:b  idle\n"), result.out());
        assertTrue(result.out().contains("barrier:b\n2\n"), result.out());
        assertTrue(result.err().contains("parties is 0; a barrier has 1 to 65535"), result.err());
        assertTrue(result.out().contains("permits"), result.out());
        assertTrue(result.out().contains("removed  barrier:b  (as asked)\n"), result.out());
        assertTrue(result.out().contains("removed  rwlock:w  (as asked)\n"), result.out());
        assertTrue(result.out().endsWith("removed  sem:own  (as asked)\n"), result.out());
    }
}

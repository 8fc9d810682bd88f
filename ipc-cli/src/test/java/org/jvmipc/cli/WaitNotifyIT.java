package org.jvmipc.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.jvmipc.cli.IpcProcess.Result;

/** {@code wait} in one process, {@code notify} in another, and what becomes of them when somebody is killed or gives up. */
@Timeout(240)
class WaitNotifyIT {
    private static final String PRELUDE =
            """
            waiting() { until ipc inspect --json $1 | grep -q '"waiting":'$2,; do sleep 0.05; done; }
            fact() { ipc inspect --json $1 | grep -o "\\"$2\\":[^,]*"; }
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

    private Result run(String script) throws Exception {
        return place.run(PRELUDE + script).expect(0);
    }

    // ---- one waits, another one notifies

    @Test
    void anEventLetsThroughAllOrOneAndIsReset() throws Exception {
        Result result = run(
                """
                ipc create event:m; ipc create 'event:a?automatic=true'
                for e in m m a a; do ipc wait event:$e --json >> $e & done
                waiting event:m 2; waiting event:a 2
                ipc notify event:m; ipc notify event:a
                until [ "$(cat m | wc -l)" = 2 ] && [ -s a ]; do sleep 0.02; done; waiting event:a 1
                cat m a; fact event:m set; fact event:a set
                ipc notify --json event:a; wait
                ipc notify event:m --reset; ipc wait event:m --no-wait; echo $?
                ipc notify event:a; ipc wait event:a; ipc wait event:a --no-wait; echo $?
                """);
        assertEquals(
                """
                event:m
                event:a
                {"schema":"ipc.wait/1","address":"event:m","automatic":false}
                {"schema":"ipc.wait/1","address":"event:m","automatic":false}
                {"schema":"ipc.wait/1","address":"event:a","automatic":true}
                "set":true
                "set":false
                {"schema":"ipc.notify/1","address":"event:a","action":"set"}
                8
                8
                """,
                result.out());
    }

    @Test
    void aLatchIsCountedDown() throws Exception {
        Result result = run(
                """
                ipc create 'latch:l?count=4'
                ipc wait --json latch:l >out & waiting latch:l 1
                ipc notify latch:l; ipc notify --json latch:l -n 2; [ ! -s out ] && ipc notify --json latch:l; wait; cat out
                ipc wait latch:l --no-wait; ipc notify latch:l -n 9 --json
                """);
        assertEquals(
                """
                latch:l
                {"schema":"ipc.notify/1","address":"latch:l","action":"count-down","count":1}
                {"schema":"ipc.notify/1","address":"latch:l","action":"count-down","count":0}
                {"schema":"ipc.wait/1","address":"latch:l","count":0}
                {"schema":"ipc.notify/1","address":"latch:l","action":"count-down","count":0}
                """,
                result.out());
    }

    @Test
    void atABarrierAllMeetAndNobodyTakesPartLonger() throws Exception {
        Result result = run(
                """
                ipc create 'barrier:b?parties=2'
                for generation in 0 1; do
                    ipc wait --json barrier:b >first & waiting barrier:b 1
                    ipc wait --json barrier:b --no-wait; wait; cat first
                done
                ipc inspect --json barrier:b | grep -o '"takingPart":\\[\\]'; fact barrier:b broken
                """);
        assertEquals(
                """
                barrier:b
                {"schema":"ipc.wait/1","address":"barrier:b","parties":2,"generation":0,"toCome":0}
                {"schema":"ipc.wait/1","address":"barrier:b","parties":2,"generation":0,"toCome":1}
                {"schema":"ipc.wait/1","address":"barrier:b","parties":2,"generation":1,"toCome":0}
                {"schema":"ipc.wait/1","address":"barrier:b","parties":2,"generation":1,"toCome":1}
                "takingPart":[]
                "broken":false
                """,
                result.out());
    }

    @Test
    void aConditionIsSignalledWithTheMutexFreeMeanwhile() throws Exception {
        Result result = run(
                """
                ipc create cond:c; ipc create mutex:m
                for i in 1 2 3; do ipc wait --json cond:c --mutex mutex:m >>out & done; waiting cond:c 3
                ipc lock mutex:m --no-wait -- ipc notify --json cond:c
                until [ -s out ]; do sleep 0.02; done; waiting cond:c 2
                ipc wait cond:c --mutex mutex:m -t 50ms; echo $?; fact cond:c waiting
                ipc notify --json --all cond:c; wait; cat out
                ipc lock mutex:m --no-wait -- ipc wait cond:c --mutex mutex:m -t 50ms; echo $?
                """);
        String one =
                "{\"schema\":\"ipc.wait/1\",\"address\":\"cond:c\",\"mutex\":\"mutex:m\",\"previousOwnerDied\":false}\n";
        assertEquals(
                """
                cond:c
                mutex:m
                {"schema":"ipc.notify/1","address":"cond:c","action":"signal"}
                124
                "waiting":2
                {"schema":"ipc.notify/1","address":"cond:c","action":"signal-all"}
                """
                        + one.repeat(3) + "124\n",
                result.out());
        assertTrue(result.err().contains("wait cond:c: another has mutex:m within 50ms"), result.err());
    }

    @Test
    void aReadWriteLockIsWaitedForAndNotHeld() throws Exception {
        Result result = run(
                """
                ipc create rwlock:w
                mkfifo go; ipc lock rwlock:w --shared -- sh -c 'echo > reads; read x < go' & until [ -s reads ]; do sleep 0.02; done
                ipc wait rwlock:w --shared --no-wait --json; ipc wait rwlock:w -t 50ms; echo $?
                ipc wait rwlock:w --json > out & waiting rwlock:w 1
                echo > go; wait; cat out; fact rwlock:w writer; ipc lock rwlock:w --no-wait -- echo free
                """);
        assertEquals(
                """
                rwlock:w
                {"schema":"ipc.wait/1","address":"rwlock:w","shared":true,"previousOwnerDied":false}
                124
                {"schema":"ipc.wait/1","address":"rwlock:w","shared":false,"previousOwnerDied":false}
                free
                """,
                result.out());
    }

    // ---- how it ends otherwise

    @ParameterizedTest
    @CsvSource({"event:x, ''", "latch:x?count=1, ''", "barrier:x?parties=2, ''", "cond:x, --mutex mutex:m"})
    void whatDoesNotComeIsToldByTheCode(String address, String options) throws Exception {
        String name = address.replaceFirst("\\?.*", "");
        Result result = run(
                """
                ipc create mutex:m >/dev/null
                ipc wait NAME OPTIONS; echo $?
                ipc create 'ADDRESS' >/dev/null
                ipc wait NAME OPTIONS --no-wait; echo $?
                ipc wait NAME OPTIONS -t 50ms; echo $?
                ipc wait NAME OPTIONS -t 50ms --no-wait; echo $?
                ipc --json wait NAME OPTIONS -t 50ms 2>&1 | grep -o '"code":"IPC-107","exit":124,"address":"NAME"'
                ipc wait -t 30s NAME OPTIONS & w=$!; waiting NAME 1
                kill -TERM $w; wait $w; echo $?
                set -m; ipc wait NAME OPTIONS & w=$!; set +m; waiting NAME 1
                kill -INT $w; wait $w; echo $?
                fact NAME waiting; ipc lock mutex:m --no-wait -- true
                [ NAME != barrier:x ] || { fact NAME arrived; fact NAME broken; }
                """
                        .replace("NAME", name)
                        .replace("ADDRESS", address)
                        .replace("OPTIONS", options));
        boolean keepsNothing = name.startsWith("cond");
        String more = name.startsWith("barrier") ? "\"arrived\":0\n\"broken\":false\n" : "";
        assertEquals(
                "4\n" + (keepsNothing ? 2 : 8) + "\n124\n2\n\"code\":\"IPC-107\",\"exit\":124,\"address\":\"" + name
                        + "\"\n143\n130\n\"waiting\":0\n" + more,
                result.out(),
                result.err());
        assertTrue(result.err().contains("fix: create it with 'ipc create " + name + "'"), result.err());
        assertEquals(
                keepsNothing,
                result.err().contains("wait: --no-wait is not of cond:, which keeps no signal"),
                result.err());
    }

    /** {@code late HOW}: HOW DURATION waits until its time has passed, and then for the mutex, which another one has meanwhile. */
    private static final String HOLD =
            """
            ipc create mutex:m >/dev/null; ipc create cond:c >/dev/null; mkfifo go
            hold() { rm -f held; ipc lock mutex:m -- sh -c 'echo > held; read x < go' & holder=$!; until [ -s held ]; do sleep 0.02; done; }
            lives() { kill -0 $w 2>/dev/null; }
            until_waiting() { until ipc inspect --json $1 | grep -q '"waiting":1,' || ! lives; do sleep 0.05; done; }
            late() {
                for t in 2 4 8 16 32; do
                    $1 ${t}s & w=$!
                    until_waiting cond:c; hold; until_waiting mutex:m
                    if lives; then break; fi
                    echo > go; wait $holder; wait $w
                done
            }
            """;

    @Test
    void aConditionSaysThatTheTimeHadPassedWhenItWaitedForTheMutexAgain() throws Exception {
        Result result = run(HOLD
                + """
                wait_for() { ipc wait cond:c --mutex mutex:m -t $1 2>err; }
                late wait_for; waiting cond:c 0; sleep 0.3
                lives && echo waits; echo > go; wait $w; echo $?; wait $holder; cat err
                ipc wait cond:c --mutex mutex:m -t 50ms 2>&1
                """
                + "[ $? = 124 ]");
        assertTrue(
                result.out()
                        .matches("waits\n124\nipc: wait cond:c: no signal came within \\d+s; after that it waited"
                                + " \\d+(ms|s) to have mutex:m again\n"
                                + "ipc: wait cond:c: no signal came within 50ms\n"),
                result.toString());
    }

    @Test
    void whoIsEndedWhileItWaitsForTheMutexAgainHasNothingAfterIt() throws Exception {
        Result result = run(
                HOLD
                        + """
                set -m; ipc wait cond:c --mutex mutex:m & w=$!; set +m; waiting cond:c 1
                hold; ipc notify cond:c; waiting mutex:m 1
                kill -INT $w; wait $w; echo $?
                echo > go; wait $holder; ipc lock mutex:m -t 20s -- echo free; fact cond:c waiting; fact mutex:m waiting
                """);
        assertEquals("130\nfree\n\"waiting\":0\n\"waiting\":0\n", result.out(), result.err());
        assertFalse(result.err().contains("died"), result.err());
    }

    @Test
    void whatIsMeantIsNamed() throws Exception {
        Result result = run(
                """
                for a in sem:x posixsem:/x mutex:x lock:x fifo:x signal:1 segment:x evnt:x 'event:x --shared' \\
                    'event:x --mutex mutex:m' cond:x 'cond:x --mutex sem:x'; do ipc wait $a; echo -n "$? "; done; echo
                for a in sem:x rwlock:x barrier:x ring:x 'latch:x --reset' 'event:x --all' 'event:x -n 2' 'latch:x -n 0' \\
                    event:none latch:none cond:none 'barrier:none --reset'; do ipc notify $a; echo -n "$? "; done; echo
                ipc create mutex:m; ipc create cond:c; ipc wait cond:c --mutex mutex:none; echo $?
                """);
        assertEquals(
                "2 2 2 2 2 2 2 2 2 2 2 2 \n2 2 2 2 2 2 2 2 4 4 4 4 \nmutex:m\ncond:c\n4\n", result.out(), result.err());
        for (String meant : new String[] {
            "'ipc sem wait sem:x'",
            "'ipc sem wait posixsem:/x'",
            "'ipc lock mutex:x -- CMD...'",
            "'ipc recv fifo:x'",
            "'ipc signal watch SIG...'",
            "event:",
            "'ipc sem post sem:x'",
            "'ipc lock rwlock:x -- CMD...'",
            "'ipc send ring:x'"
        }) {
            assertTrue(result.err().contains("did you mean " + meant + "?"), meant + result.err());
        }
        assertTrue(result.err().contains("wait mutex:none: No such file"), result.err());
        assertTrue(result.err().contains("come with 'ipc wait barrier:x'"), result.err());
    }

    // ---- killed

    @ParameterizedTest
    @CsvSource({
        "event:x, '', ''",
        "event:x?automatic=true, '', ''",
        "latch:x?count=1, '', ''",
        "cond:x, --mutex mutex:m, --all",
    })
    void whoIsKilledTakesNoWakeUpWithHim(String address, String options, String how) throws Exception {
        Result result = run(
                """
                ipc create mutex:m >/dev/null; ipc create 'ADDRESS' >/dev/null
                ipc wait NAME OPTIONS & first=$!; waiting NAME 1
                ipc wait NAME OPTIONS & second=$!; waiting NAME 2
                { kill -9 $first; wait $first; } 2>/dev/null
                ipc notify NAME HOW; wait $second; echo $?
                until ipc inspect --json NAME | grep -q '"attached":\\[\\]'; do sleep 0.05; done; fact NAME waiting
                """
                        .replace("NAME", address.replaceFirst("\\?.*", ""))
                        .replace("ADDRESS", address)
                        .replace("OPTIONS", options)
                        .replace("HOW", how));
        assertEquals("0\n\"waiting\":0\n", result.out(), result.err());
    }

    @Test
    void whoIsKilledAtABarrierBreaksItUntilItIsReset() throws Exception {
        Result result = run(
                """
                ipc create 'barrier:b?parties=3'
                ipc wait barrier:b & first=$!; waiting barrier:b 1
                ipc wait barrier:b & second=$!; waiting barrier:b 2
                { kill -9 $first; wait $first; } 2>/dev/null
                wait $second; echo $?; echo $first > killed
                ipc --json wait barrier:b 2>&1 | grep -o '"code":"IPC-103","exit":5'
                ipc notify barrier:b --reset; ipc wait barrier:b -t 50ms; echo $?
                ipc wait barrier:b & third=$!; waiting barrier:b 1; ipc notify --json barrier:b --reset
                wait $third; echo $?; cat killed
                """);
        String[] lines = result.out().split("\n", -1);
        String killed = lines[lines.length - 2];
        assertEquals(
                """
                barrier:b
                5
                "code":"IPC-103","exit":5
                124
                {"schema":"ipc.notify/1","address":"barrier:b","action":"reset"}
                5
                %s
                """
                        .formatted(killed),
                result.out(),
                result.err());
        assertTrue(
                result.err()
                        .contains(
                                "wait barrier:b: it is broken: process " + killed
                                        + ", which took part, has died\n  fix: 'ipc notify barrier:b --reset' makes it as new\n"),
                result.err());
        assertTrue(result.err().contains("wait barrier:b: it was reset while this thread waited\n"), result.err());
    }

    @Test
    void aDeadWriterIsToldAndTheNextOneWhoWritesStillHearsOfIt() throws Exception {
        Result result = run(
                """
                ipc create rwlock:w; ipc create mutex:m; ipc create cond:c
                for l in rwlock:w mutex:m; do
                    ipc lock $l -- sh -c 'echo $PPID > pid; exec sleep 30 >/dev/null 2>&1' & until [ -s pid ]; do sleep 0.05; done
                    { kill -9 $(cat pid); wait; } 2>/dev/null; rm pid
                done
                ipc wait --json rwlock:w 2>&1 | grep -o '"previousOwnerDied":true'
                ipc wait --json --shared rwlock:w 2>&1 | grep -o '"previousOwnerDied":true'
                ipc wait rwlock:w 2>err; grep -c 'wait rwlock:w: the last one who held it died with it' err
                ipc wait rwlock:w --shared 2>err; grep -c 'died with it' err
                ipc lock rwlock:w -- true 2>err; grep -c 'died with it' err
                ipc wait rwlock:w; ipc wait --json cond:c --mutex mutex:m >out 2>err & waiting cond:c 1; ipc notify cond:c; wait
                grep -c 'wait mutex:m: the last one who held it died with it' err; grep -o '"previousOwnerDied":true' out
                """);
        String died = "\"previousOwnerDied\":true\n";
        assertEquals("rwlock:w\nmutex:m\ncond:c\n" + died + died + "1\n1\n1\n1\n" + died, result.out(), result.err());
        assertFalse(result.err().contains("died with it"), result.err());
    }

    // ---- what is told

    @Test
    void whatItWaitsForIsToldOnATerminal() throws Exception {
        assumeTrue(Workplace.has("script"), "script(1), which makes a terminal, is not on the PATH");
        Result result = place.run(
                        Map.of("TERM", "xterm", "SHELL", "/bin/sh"),
                        """
                ipc create event:e >/dev/null; ipc create cond:c >/dev/null; ipc create mutex:m >/dev/null
                script -qec "ipc wait -t 4s event:e" /dev/null </dev/null
                script -qec "ipc wait -t 4s cond:c --mutex mutex:m" /dev/null </dev/null
                script -qec "ipc wait -q -t 1200ms event:e" /dev/null </dev/null
                """)
                .expect(124);
        assertTrue(
                result.out().startsWith("ipc: waiting for event:e to be set ... (Ctrl-C to stop)\r\n"), result.out());
        assertTrue(
                result.out().contains("\r\nipc: waiting for a signal of cond:c, then for mutex:m ... (Ctrl-C"),
                result.out());
        assertEquals(2, result.out().split("waiting for", -1).length - 1, result.out());
    }

    @Test
    void thatItWaitsForTheMutexAgainIsToldOnATerminal() throws Exception {
        assumeTrue(Workplace.has("script"), "script(1), which makes a terminal, is not on the PATH");
        Result result = place.run(
                        Map.of("TERM", "xterm", "SHELL", "/bin/sh"),
                        PRELUDE + HOLD
                                + """
                on_terminal() { script -qfec "ipc wait -t $1 cond:c --mutex mutex:m" told </dev/null >/dev/null; }
                late on_terminal; until grep -q 'waiting for mutex:m again' told; do sleep 0.05; done
                echo > go; wait $w; echo $?; wait; cat told
                """)
                .expect(0);
        assertTrue(result.out().startsWith("124\n"), result.toString());
        assertTrue(
                result.out()
                        .contains("ipc: waiting for a signal of cond:c, then for mutex:m ... (Ctrl-C to stop)\r\n"
                                + "ipc: waiting for mutex:m again ... (Ctrl-C to stop)\r\n"),
                result.out());
    }

    @Test
    void jsonIsAsItsSchemasSay() throws Exception {
        Result result = place.run(
                """
                ipc create 'latch:l?count=1' >/dev/null; ipc create 'barrier:b?parties=1' >/dev/null
                ipc create rwlock:w >/dev/null; ipc create event:e >/dev/null
                ipc notify --json latch:l; ipc notify --json event:e; ipc wait --json latch:l; ipc wait --json event:e
                ipc wait --json barrier:b; ipc wait --json rwlock:w; ipc wait --json event:none; ipc notify --json sem:x
                """);
        Set<String> names = new TreeSet<>();
        for (String line : (result.out() + result.err()).lines().toList()) {
            names.add(JsonSchema.check(line));
        }
        assertEquals(Set.of("ipc.error/1", "ipc.notify/1", "ipc.wait/1"), names, result.toString());
    }

    @Test
    void completionOffersWhatCanBeWaitedFor() throws Exception {
        Result result = run(
                """
                ipc create event:e >/dev/null; ipc create sem:s >/dev/null; ipc create mutex:m >/dev/null
                ipc generate-completion >script && . ./script
                complete_line() { COMP_LINE=$1 COMP_POINT=${#1} COMP_WORDBREAKS=' '; COMPREPLY=(); _ipc; echo "${COMPREPLY[@]}"; }
                complete_line 'ipc wait '; complete_line 'ipc notify e'; complete_line 'ipc wait cond:c --mutex '
                """);
        assertEquals("barrier: cond: event: event:e latch: rwlock:\nevent: event:e\nmutex: mutex:m\n", result.out());
    }
}

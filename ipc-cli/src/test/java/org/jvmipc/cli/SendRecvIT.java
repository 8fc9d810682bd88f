package org.jvmipc.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.jvmipc.cli.IpcProcess.Result;

/** What {@code send} and {@code recv} promise, over FIFOs between real processes. */
@Timeout(240)
class SendRecvIT {
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
    @ValueSource(strings = {"line", "nul", "len32", "framed"})
    void threeReceiversInARowGetOneMessageEach(String frame) throws Exception {
        Result result = place.run(
                        """
                mkfifo f
                case %1$s in
                    framed) exec 9<>f; mkfifo in; exec 8<>in; printf '1\\n2\\n3\\n' >&8; ipc send -f framed fifo:$PWD/f <in & ;;
                    line) exec 9<>f; printf '1\\n2\\n3\\n' >&9 ;;
                    nul) exec 9<>f; printf '1\\0002\\0003\\0' >&9 ;;
                    len32) exec 9<>f; printf '\\1\\0\\0\\0001\\1\\0\\0\\0002\\1\\0\\0\\0003' >&9 ;;
                esac
                for i in 1 2 3; do ipc recv -f %1$s --format '{data}.' fifo:$PWD/f | tr -d '\\n\\0' | tail -c 2; done
                [ %1$s != framed ] || kill $!
                """
                                .formatted(frame))
                .expect(0);
        assertEquals("1.2.3.", result.out());
    }

    @Test
    void tooFewMessagesAreToldWithTheirCount() throws Exception {
        Result result =
                place.run("mkfifo f; seq 3 >f & ipc recv -n 5 fifo:$PWD/f").expect(5);
        assertEquals("1\n2\n3\n", result.out());
        assertTrue(result.err().endsWith("/f: the stream ended; 3 of 5 messages came\n"), result.err());
    }

    @Test
    void nothingIsTakenBeyondWhatWasAskedFor() throws Exception {
        assertEquals(
                "1\n2\n3\n4\n5\n",
                place.run("mkfifo f; exec 9<>f; seq 5 >&9; ipc recv -n 2 fifo:$PWD/f && timeout 1 head -n 3 <f")
                        .expect(0)
                        .out());
    }

    @Test
    void followsFromOneSenderToTheNext() throws Exception {
        Result result = place.run(
                        """
                mkfifo f; set -m; ipc recv -F fifo:$PWD/f >out & r=$!; set +m
                seq 2 | ipc send fifo:$PWD/f
                ipc send fifo:$PWD/f 3
                until [ "$(tail -n 1 out)" = 3 ]; do sleep 0.02; done
                kill -INT $r; wait $r; code=$?
                cat out; exit $code
                """)
                .expect(130);
        assertEquals("1\n2\n3\n", result.out());
        assertEquals("", result.err());
    }

    @Test
    void endsQuietlyWhenNobodyReadsItsOutput() throws Exception {
        Result result = place.run(
                        """
                mkfifo f; exec 9<>f; echo 1 >&9
                mkfifo out; ipc recv -F fifo:$PWD/f >out & r=$!
                head -n 1 out
                echo 2 >&9
                wait $r; echo $?
                """)
                .expect(0);
        assertEquals("1\n141\n", result.out());
        assertEquals("", result.err());
    }

    @Test
    void doesNotWaitWhenToldNotTo() throws Exception {
        Result result = place.run(
                        """
                mkfifo f
                ipc send --no-wait fifo:$PWD/f x; echo $?
                ipc recv --no-wait fifo:$PWD/f; echo $?
                exec 9<>f
                ipc recv --no-wait -n 0 fifo:$PWD/f; echo $?
                ipc send --no-wait fifo:$PWD/f x; ipc recv --no-wait fifo:$PWD/f; echo $?
                ipc send --no-wait -t 1s fifo:$PWD/f x; echo $?
                """)
                .expect(0);
        assertEquals("8\n8\n8\nx\n0\n2\n", result.out());
        assertTrue(
                result.err().contains(": nobody is receiving, and --no-wait was given (EAGAIN)\n  fix: "),
                result.err());
    }

    @Test
    void waitsAsLongAsItIsToldTo() throws Exception {
        Result result = place.run(
                        """
                mkfifo f
                timed() { local begin=${EPOCHREALTIME/[.,]/}; "$@"; echo $? $(((${EPOCHREALTIME/[.,]/} - begin) / 600000)); }
                timed ipc send -t 600ms fifo:$PWD/f x
                timed ipc recv -t 600ms fifo:$PWD/f
                exec 9<>f; echo 1 >&9
                timed ipc recv -t 600ms -n 2 fifo:$PWD/f
                """)
                .expect(0);
        assertTrue(result.out().matches("124 [1-9][0-9]*\n124 [1-9][0-9]*\n1\n124 [1-9][0-9]*\n"), result.out());
        assertTrue(result.err().contains(": nobody was receiving within 600ms\n"), result.err());
        assertTrue(result.err().contains(": no message came within 600ms\n"), result.err());
        assertTrue(result.err().contains(": that was not all within 600ms; 1 of 2 messages came\n"), result.err());
    }

    @Test
    void createsNothingByTheWayUnlessAskedTo() throws Exception {
        Result result = place.run(
                        """
                ipc send fifo:$PWD/f x; echo $?
                ipc recv fifo:$PWD/f; echo $?
                [ -e f ] && echo there
                ipc recv --create fifo:$PWD/f & ipc send --create fifo:$PWD/f x; wait
                [ -p f ] && echo there
                """)
                .expect(0);
        assertEquals("4\n4\nx\nthere\n", result.out());
        List<String> lines = result.err().lines().toList();
        assertTrue(lines.get(0).matches("ipc: send fifo:\\S*f: No such file or directory \\(ENOENT\\)"), result.err());
        assertTrue(
                lines.get(1).matches("  fix: create it with 'ipc create fifo:\\S*f', or give --create"), result.err());
    }

    @Test
    void aMessageThatIsTooLargeIsRefusedBeforeAnythingIsSent() throws Exception {
        Result result = place.run(
                        """
                mkfifo f; exec 9<>f
                ipc send "fifo:$PWD/f?max=10" ok 12345678901; echo $?
                ipc recv --no-wait fifo:$PWD/f 2>/dev/null; echo $?
                printf '12345678901\\n' | ipc send "fifo:$PWD/f?max=10"; echo $?
                """)
                .expect(0);
        assertEquals("7\n8\n7\n", result.out());
        assertTrue(result.err().contains(": MSG 2 has 11 bytes, more than the largest message, 10\n"), result.err());
        assertTrue(
                result.err().contains("stdin, message 1: it is longer than the largest message, which is 10\n"),
                result.err());
    }

    @Test
    void sendsAtAPaceAndAgain() throws Exception {
        Result result = place.run(
                        """
                mkfifo f; exec 9<>f
                begin=${EPOCHREALTIME/[.,]/}
                ipc send --rate 10 --repeat 3 fifo:$PWD/f a b
                echo $(((${EPOCHREALTIME/[.,]/} - begin) >= 500000))
                ipc recv -n 6 -f line fifo:$PWD/f | tr '\\n' ' '
                ipc send --repeat 3 fifo:$PWD/f </dev/null; echo $?
                """)
                .expect(0);
        assertEquals("1\na b a b a b 2\n", result.out());
    }

    @Test
    void handsOverWhatItHasAndLeavesStandardInputBlocking() throws Exception {
        Result result = place.run(
                        """
                mkfifo f in; exec 8<>in
                ipc send fifo:$PWD/f <in & s=$!
                echo one >&8
                ipc recv fifo:$PWD/f
                echo $(($(sed -n 's/^flags:[[:space:]]*/0/p' /proc/$s/fdinfo/0) & 04000))
                """)
                .expect(0);
        assertEquals("one\n0\n", result.out());
    }

    @Test
    void printsTheFieldsThatAreAskedFor() throws Exception {
        Result result = place.run(
                        """
                mkfifo f; exec 9<>f; printf 'h\\303\\251\\nx\\n' >&9
                ipc recv -n 2 --format '{number}:{bytes}:{hex}:{base64}:{data}\\t{{{address}}}|{time}|{nanos}' fifo:$PWD/f
                """)
                .expect(0);
        List<String> lines = result.out().lines().toList();
        String rest = "\t\\{fifo:\\S*/f}\\|20\\d\\d-\\d\\d-\\d\\dT[0-9:.]+Z\\|\\d{19}";
        assertTrue(lines.get(0).matches("1:3:68c3a9:aMOp:h\u00e9" + rest), result.out());
        assertTrue(lines.get(1).matches("2:1:78:eA==:x" + rest), result.out());
    }

    @Test
    void aWrongFormatIsAUsageError() throws Exception {
        Result result = place.run(
                        """
                mkfifo f
                for format in '{dta}' '{data' 'x}' '\\q' '{data}\\'; do
                    ipc recv --format "$format" fifo:$PWD/f; echo $?
                done
                ipc recv --json --format '{data}' fifo:$PWD/f; echo $?
                ipc recv -n -1 fifo:$PWD/f; echo $?
                """)
                .expect(0);
        assertEquals("2\n".repeat(7), result.out());
        assertTrue(result.err().contains("there is no field \"dta\"\n  fix: did you mean data?\n"), result.err());
        assertTrue(result.err().contains("a { without its }\n"), result.err());
    }

    @Test
    void tellsAsJsonWhatWasSentAndReceived() throws Exception {
        Result result = place.run(
                        """
                mkfifo f; exec 9<>f
                ipc send --json -f nul fifo:$PWD/f 'h\u00e9' ''
                printf '\\377\\0' >&9
                ipc recv --json -f nul -n 3 fifo:$PWD/f
                """)
                .expect(0);
        List<JsonObject> lines = result.out()
                .lines()
                .map(line -> JsonParser.parseString(line).getAsJsonObject())
                .toList();
        assertEquals(2, lines.get(0).get("messages").getAsInt());
        assertEquals(3, lines.get(0).get("bytes").getAsInt());
        assertEquals("h\u00e9", lines.get(1).get("data").getAsString());
        assertEquals("", lines.get(2).get("data").getAsString());
        assertEquals("/w==", lines.get(3).get("b64").getAsString());
        assertFalse(lines.get(3).has("data"));
    }

    @Test
    void printsNoEscapesAwayFromATerminal() throws Exception {
        for (Map<String, String> environment :
                List.of(Map.of("TERM", "xterm"), Map.of("TERM", "dumb"), Map.of("NO_COLOR", "1"))) {
            Result result = place.run(
                            environment,
                            """
                    rm -f f; mkfifo f; exec 9<>f
                    ipc send -v fifo:$PWD/f x && ipc recv -v --color=never fifo:$PWD/f; ipc recv --color=auto fifo:$PWD/none
                    """)
                    .expect(4);
            assertEquals("x\n", result.out());
            assertFalse(result.err().contains("\u001b"), result.err());
        }
    }

    @Test
    void saysWhatItDoesWhenAskedTo() throws Exception {
        Result result = place.run(
                        """
                mkfifo f; exec 9<>f
                ipc send -v fifo:$PWD/f x
                ipc recv -vv fifo:$PWD/f
                ipc send -vv fifo:$PWD/none x
                """)
                .expect(4);
        assertTrue(result.err().matches("(?s)ipc: send fifo:\\S*f: 1 messages, 1 bytes\n.*"), result.err());
        assertTrue(result.err().matches("(?s).*\nipc: recv fifo:\\S*f: 1 messages, 1 bytes\n.*"), result.err());
        assertTrue(result.err().matches("(?s).*\nipc: open[a-z0-9]*\\S* = -1 ENOENT\n.*"), result.err());
        assertTrue(result.err().contains("\tat org.jvmipc."), result.err());
    }

    @Test
    void argumentsArriveAsTheirBytesWhateverTheLocale() throws Exception {
        Result result = place.run(
                        Map.of("LC_ALL", "C"),
                        """
                mkfifo f; exec 9<>f
                ipc send fifo:$PWD/f '\u00e9\u20ac\ud83d\ude00'; ipc recv fifo:$PWD/f
                """)
                .expect(0);
        assertEquals("\u00e9\u20ac\ud83d\ude00\n", result.out());
    }

    @Test
    void aLineThatIsNotWholeIsLeftToWhoWaitsLonger() throws Exception {
        Result result = place.run(
                        """
                mkfifo f; exec 9<>f
                printf abc >&9
                ipc recv -t 100ms fifo:$PWD/f 2>/dev/null; echo $?
                ipc recv --no-wait fifo:$PWD/f 2>/dev/null; echo $?
                printf 'def\\nrest\\n' >&9
                ipc recv fifo:$PWD/f
                timeout 5 head -n 1 <&9
                """)
                .expect(0);
        assertEquals("124\n8\nabcdef\nrest\n", result.out());
    }

    @Test
    void followingOutlivesSeveralDeaths() throws Exception {
        Result result = place.run(
                        """
                ipc create 'fifo:w?framing=framed' >/dev/null
                ipc recv -F -n 3 fifo:w >out 2>err & r=$!
                for i in 1 2; do
                    mkfifo in$i; ipc send fifo:w <in$i & s[i]=$!; exec {in}>in$i; echo $i >&$in
                    until grep -q $i out; do sleep 0.02; done
                done
                kill -9 ${s[@]}
                ipc send -t 20s fifo:w after; wait $r; echo $?
                sort out; grep -c 'died\\|killed\\|ended without' err
                """)
                .expect(0);
        assertTrue(result.out().startsWith("0\n1\n2\nafter\n2\n"), result.out() + result.err());
    }

    @Test
    void whatCameBeforeAMessageThatIsNoneIsSent() throws Exception {
        Result result = place.run(
                        """
                mkfifo f; exec 9<>f
                printf '{"a":1}\\n[2]\\n{bad}\\n' | ipc send -f json fifo:$PWD/f 2>/dev/null; echo $?
                ipc recv -n 2 fifo:$PWD/f
                """)
                .expect(0);
        assertEquals("3\n{\"a\":1}\n[2]\n", result.out());
    }

    @Test
    void bytesGoInPiecesThatThePacketsOfAFifoTake() throws Exception {
        place.run(
                        """
                ipc create 'fifo:p?sharing=packets' >/dev/null; head -c 20000 /dev/urandom >in
                ipc recv -n 0 -f raw fifo:p >out & ipc send -f raw fifo:p <in || exit
                wait $!; cmp in out
                """)
                .expect(0);
    }
}

package org.jvmipc.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.jvmipc.cli.IpcProcess.Result;

/** Rings from the shell. */
@Timeout(240)
class RingIT {
    /** Waits until as many threads as told sleep in the ring that is named: receivers that have found it empty. */
    private static final String FUNCTIONS =
            """
            waiting() { until ipc inspect --json "$1" | grep -q "\\"waiting\\":$2"; do sleep 0.05; done; }
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
        return place.run(FUNCTIONS + script);
    }

    private static JsonObject facts(String inspected) {
        return JsonParser.parseString(inspected).getAsJsonObject().getAsJsonObject("facts");
    }

    @Test
    void aFileGoesThrough() throws Exception {
        byte[] bytes = new byte[64 << 20];
        new Random(7).nextBytes(bytes);
        place.write("in", bytes);
        Result result =
                run("""
                ipc create ring:r --size 16m
                ipc recv -n 0 -f raw ring:r > out & receiver=$!
                ipc send -f raw ring:r < in; echo sent $?
                wait $receiver; echo received $?
                cmp in out && echo the same
                """)
                        .expect(0);
        assertEquals("ring:r\nsent 0\nreceived 0\nthe same\n", result.out());
        assertEquals("", result.err());
        assertEquals(bytes.length, Files.size(place.directory().resolve("out")));
    }

    @Test
    void whatIsSentStaysAndIsTakenOneByOneAndTheEndOnce() throws Exception {
        Result result =
                run("""
                ipc create ring:r >/dev/null; ipc send ring:r one '' 'three words'
                ipc inspect --json ring:r
                ipc recv ring:r; ipc recv --json -n 2 ring:r
                ipc recv ring:r; echo $?
                ipc recv --no-wait ring:r 2>&1 | head -n 1
                ipc send --no-wait ring:r four; ipc recv -n 5 ring:r; echo $?
                """)
                        .expect(0);
        List<String> lines = result.out().lines().toList();
        assertEquals(16 + 8 + 24, facts(lines.get(0)).get("depth").getAsLong());
        assertEquals(
                List.of(
                        "one",
                        "{\"schema\":\"ipc.message/1\",\"address\":\"ring:r\",\"data\":\"\"}",
                        "{\"schema\":\"ipc.message/1\",\"address\":\"ring:r\",\"data\":\"three words\"}",
                        "5",
                        "ipc: recv ring:r: no message is there, and --no-wait was given (EAGAIN)",
                        "four",
                        "5"),
                lines.subList(1, lines.size()));
        assertEquals(
                "ipc: recv ring:r: the stream ended without a message\n"
                        + "ipc: recv ring:r: the stream ended; 1 of 5 messages came\n",
                result.err());
    }

    @Test
    void sendersHaveALaneEach() throws Exception {
        Result result =
                run("""
                ipc create 'ring:r?kind=lanes&lanes=3' >/dev/null
                mkfifo gate1 gate2 gate3; exec 7<>gate1 8<>gate2 9<>gate3
                ipc recv -n 6 ring:r > out & receiver=$!
                for i in 1 2 3; do ipc send ring:r < gate$i & done
                for i in 1 2; do for fd in 7 8 9; do echo $fd $i >&$fd; done; done; wait $receiver
                sort out; ipc inspect ring:r
                """)
                        .expect(0);
        assertTrue(result.out().startsWith("7 1\n7 2\n8 1\n8 2\n9 1\n9 2\n"), result.out());
        assertTrue(result.out().contains("kind            lanes"), result.out());
        assertTrue(result.out().contains("max senders     3"), result.out());
        assertTrue(result.out().contains("senders joined  3"), result.out());
    }

    @Test
    void anEndTooManyIsALimit() throws Exception {
        Result result =
                run("""
                ipc create ring:r >/dev/null
                mkfifo gate; exec 9<>gate
                ipc recv -F ring:r > out & receiver=$!
                ipc send ring:r < gate & waiting ring:r 1
                echo first >&9; until [ -s out ]; do sleep 0.05; done
                ipc send ring:r second; echo $?
                ipc recv -t 5s ring:r; echo $?
                ipc ls --json ring:r | grep -o '"state":"in-use"'
                ipc rm ring:r; echo $?
                ipc inspect --json ring:r
                kill $receiver; wait $receiver; ipc rm --force ring:r
                """)
                        .expect(0);
        List<String> lines = result.out().lines().toList();
        assertEquals(List.of("7", "7", "\"state\":\"in-use\"", "8"), lines.subList(0, 4));
        JsonObject facts = facts(lines.get(4));
        assertEquals(1, facts.getAsJsonArray("senders").size());
        assertEquals(1, facts.getAsJsonArray("receivers").size());
        assertEquals(2, facts.getAsJsonArray("attached").size());
        JsonObject lane = facts.getAsJsonObject("lanes").getAsJsonObject("0");
        assertEquals(facts.getAsJsonArray("senders").get(0), lane.get("sender"));
        assertEquals(16, lane.get("position").getAsLong());
        assertTrue(result.err().contains("no place for another sender: senders is 1"), result.err());
        assertTrue(result.err().contains("no place for another receiver: receivers is 1"), result.err());
    }

    @Test
    void eachReceiverOfABroadcastGetsAll() throws Exception {
        Result result =
                run("""
                ipc create 'ring:b?kind=broadcast&receivers=2' --size 4k >/dev/null
                ipc send ring:b unheard
                ipc recv -n 0 ring:b > o1 & ipc recv -n 0 ring:b > o2 & waiting ring:b 2
                ipc inspect --json ring:b
                seq 3000 | ipc send ring:b; wait
                cmp o1 <(seq 3000) && cmp o2 <(seq 3000) && echo to each
                """)
                        .expect(0);
        List<String> lines = result.out().lines().toList();
        JsonObject facts = facts(lines.get(0));
        assertEquals("broadcast", facts.get("kind").getAsString());
        assertEquals(1, facts.get("unheard").getAsLong());
        assertEquals(0, facts.get("receiversDropped").getAsLong());
        assertEquals(2, facts.getAsJsonArray("receivers").size());
        assertEquals(2, facts.getAsJsonObject("places").size());
        assertEquals("to each", lines.get(1));
    }

    @Test
    void whatARingCanIsThatOfItsKind() throws Exception {
        Result result =
                run("""
                for kind in one-to-one lanes broadcast
                do ipc create "ring:$kind?kind=$kind" >/dev/null; ipc inspect ring:$kind | grep '^can'; done
                ipc inspect --json ring:broadcast
                """)
                        .expect(0);
        List<String> lines =
                result.out().lines().map(line -> line.replaceAll(" +", " ")).toList();
        assertEquals(
                List.of(
                        "can reliable, ordered, bounded, peer-detection, zero-copy",
                        "can reliable, ordered, bounded, many-senders, peer-detection, zero-copy",
                        "can reliable, ordered, bounded, broadcast, zero-copy"),
                lines.subList(0, 3));
        assertEquals(
                "[\"reliable\",\"ordered\",\"bounded\",\"broadcast\",\"zero-copy\"]",
                JsonParser.parseString(lines.get(3))
                        .getAsJsonObject()
                        .getAsJsonArray("capabilities")
                        .toString());
    }

    @Test
    void aKilledSenderIsTold() throws Exception {
        Result result =
                run("""
                ipc create ring:r >/dev/null
                mkfifo gate; exec 9<>gate
                ipc recv -n 0 ring:r > out & receiver=$!
                waiting ring:r 1
                ipc send ring:r < gate & sender=$!
                echo first >&9; until [ -s out ]; do sleep 0.05; done
                { kill -KILL $sender; wait $sender; } 2>/dev/null
                wait $receiver; echo $?; cat out
                ipc inspect ring:r | grep '^senders'
                """)
                        .expect(0);
        assertEquals("5\nfirst\nsenders         none\nsenders joined  1\nsenders died    1\n", result.out());
        assertTrue(result.err().contains("a sender died"), result.err());
    }

    @Test
    void aBridgeGoesThroughRings() throws Exception {
        Result result =
                run("""
                ipc create fifo:f >/dev/null; ipc create ring:a >/dev/null; ipc create ring:b >/dev/null
                ipc bridge fifo:f ring:a & ipc bridge ring:a ring:b & ipc recv -n 0 ring:b > out &
                seq 2000 | ipc send fifo:f; wait
                cmp out <(seq 2000) && echo the same
                """)
                        .expect(0);
        assertEquals("the same\n", result.out());
        assertEquals("", result.err());
    }

    @Test
    void whatCannotBeIsNamed() throws Exception {
        Result result = run(
                """
                for address in 'x?size=5k' 'x?kind=ring' 'x?lanes=0' 'x?full=drop-slowest' 'x?max-message=1m&size=64k'
                do ipc create "ring:$address"; echo $?; done
                ipc create ring:r --size 1k >/dev/null; ipc create ring:r; echo $?
                ipc send ring:r "$(printf %01000d 0)"; echo $?
                ipc send ring:none x; echo $?; ipc recv ring:none; echo $?
                ipc recv 'ring:r?waiting=never'; echo $?
                ipc rm ring:r; ipc rm ring:r; echo $?
                """);
        assertEquals("2\n2\n2\n2\n2\n1\n7\n4\n4\n2\nremoved  ring:r  (as asked)\n4\n", result.out(), result.toString());
        String err = result.err();
        assertTrue(err.contains("capacity is 5120; it is a power of two from 1024 to 1073741824"), err);
        assertTrue(err.contains("parameter kind is one of broadcast, lanes, one-to-one"), err);
        assertTrue(err.contains("not a ring of the kind one-to-one"), err);
        assertTrue(err.contains("largest message is 1048576; with a capacity of 65536 it is 0 to 32760"), err);
        assertTrue(err.contains("maxMessageBytes is 504"), err);
    }
}

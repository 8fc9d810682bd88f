package org.jvmipc.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Inboxes from the shell. */
@Timeout(240)
class InboxIT {
    /** Waits until somebody has the inbox. */
    private static final String HAD = "had() { until ipc inspect $1 >/dev/null 2>&1; do sleep 0.02; done; }\n";

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
    void whoReceivesHasItAndOthersSendToIt() throws Exception {
        String out = place.run(
                        """
                ipc recv -n 0 inbox:me >got & r=$!
                seq 5000 | ipc send -t 20s inbox:me; wait $r; echo $?; cmp got <(seq 5000) && echo all
                ipc recv -n 2 inbox:me >got & r=$!
                ipc send -t 20s inbox:me one two; wait $r; cat got
                """)
                .out();
        assertEquals("0\nall\none\ntwo\n", out);
    }

    @Test
    void requestsAreAnsweredAndOtherMessagesPrinted() throws Exception {
        String out = place.run(
                        HAD
                                + """
                ipc listen inbox:names -n 4 --exec 'tr a-z A-Z' & w=$!
                ipc request -t 20s inbox:names ada; ipc request inbox:names bob; echo carl | ipc request inbox:names
                ipc send inbox:names 'nobody asks'; wait $w; echo $?
                ipc listen inbox:echo -n 1 --echo & w=$!
                ipc request -t 20s inbox:echo back; wait $w; echo $?
                """)
                .expect(0)
                .out();
        assertEquals("ADA\nBOB\nCARL\nNOBODY ASKS\n0\nback\n0\n", out);
    }

    @Test
    void aReplyThatCannotBeSentIsToldAndTheNextOneIsSent() throws Exception {
        var result = place.run(
                        HAD
                                + """
                ipc listen inbox:many -n 2 --exec 'read n; head -c $n /dev/zero | tr "\\0" x' & w=$!
                had inbox:many
                ipc request -t 5s inbox:many 600000; echo $?
                ipc request -t 20s inbox:many 3; wait $w; echo $?
                """)
                .expect(0);
        assertEquals("124\nxxx\n0\n", result.out(), result.err());
        assertTrue(result.err().contains("gets no reply: inbox:"), result.err());
        assertTrue(result.err().contains("maxMessageBytes is"), result.err());
    }

    @Test
    void isShownAsAnInboxAndOnce() throws Exception {
        List<String> lines = place.run(
                        HAD
                                + """
                ipc recv 'inbox:me?senders=3&size=64k&max-message=1k' & r=$!
                had inbox:me
                ipc ls --no-header -o address,state; ipc inspect --json inbox:me
                ipc rm inbox:me; echo $?; ipc rm --force inbox:me; echo $?
                ipc recv inbox:me; echo $?
                ipc send inbox:me done; wait $r; ipc ls --no-header
                """)
                .expect(0)
                .out()
                .lines()
                .toList();
        assertTrue(lines.get(0).matches("inbox:me +.*"), lines.toString());
        JsonObject facts =
                JsonParser.parseString(lines.get(1)).getAsJsonObject().getAsJsonObject("facts");
        assertEquals(3, facts.get("maxSenders").getAsInt());
        assertEquals(1024, facts.get("maxMessage").getAsInt());
        assertEquals(List.of("8", "8", "8", "done"), lines.subList(2, lines.size()));
    }

    @Test
    void whatIsLeftOfAKilledOneIsStaleAndTheNextOneTakesIt() throws Exception {
        String out = place.run(
                        HAD
                                + """
                ipc recv inbox:me & r=$!
                had inbox:me
                ipc send inbox:me lost >/dev/null
                wait $r
                ipc recv -F inbox:me >/dev/null & r=$!
                had inbox:me
                ipc send inbox:me one
                { kill -KILL $r; wait $r; } 2>/dev/null
                ipc send inbox:me two; echo $?
                ipc recv inbox:me >got & r=$!
                ipc send -t 20s inbox:me three; echo $?; wait $r; cat got
                ipc recv inbox:me & r=$!; had inbox:me; { kill -KILL $r; wait $r; } 2>/dev/null
                ipc ls --stale --no-header -o address
                ipc rm --stale -y; ipc ls --no-header
                """)
                .expect(0)
                .out();
        assertTrue(out.startsWith("lost\n5\n0\nthree\ninbox:me\nremoved  inbox:me"), out);
    }

    @Test
    void failuresAreTold() throws Exception {
        var result = place.run(
                        """
                ipc send inbox:none x; echo $?; ipc request inbox:none x; echo $?; ipc inspect inbox:none; echo $?
                ipc create inbox:x; echo $?; ipc send --no-wait inbox:none x; echo $?; ipc send -t 100ms inbox:none x; echo $?
                ipc recv inbox:1; echo $?; ipc recv inbox:/tmp/x; echo $?; ipc recv 'inbox:x?sendres=3'; echo $?
                ipc recv -t 100ms inbox:x; echo $?; ipc listen --no-wait inbox:x; echo $?; ipc rm inbox:none; echo $?
                """)
                .expect(0);
        assertEquals("4\n4\n4\n9\n4\n124\n2\n2\n2\n124\n8\n4\n", result.out(), result.err());
        assertTrue(result.err().contains("fix: have it opened first, as 'ipc recv -F inbox:none' does"), result.err());
        assertTrue(result.err().contains("an inbox is its owner's"), result.err());
        assertTrue(result.err().contains("did you mean senders?"), result.err());
    }

    @Test
    void aBridgeTakesOutOfAnInbox() throws Exception {
        String out = place.run(
                        """
                ipc recv -n 0 inbox:to >got & r=$!
                until ipc inspect inbox:to >/dev/null 2>&1; do sleep 0.02; done
                ipc bridge inbox:from inbox:to & b=$!
                seq 1000 | ipc send -t 20s inbox:from; wait $b; echo $?; wait $r; cmp got <(seq 1000) && echo all
                """)
                .expect(0)
                .out();
        assertEquals("0\nall\n", out);
    }
}

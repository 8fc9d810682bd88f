package org.jvmipc.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.jvmipc.cli.IpcProcess.Result;

/** Durable queues from the shell. */
@Timeout(240)
class QueueIT {
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
    void eachMessageGoesToOneOfAGroup() throws Exception {
        Result result = place.run(
                        """
                ipc create mq:q; seq 2000 | ipc send mq:q
                for i in 1 2 3; do ipc recv -n 0 --group g mq:q >o$i & done; wait
                cat o1 o2 o3 | sort -n | cmp - <(seq 2000) && echo each once
                ipc recv -n 0 --group other mq:q | cmp - <(seq 2000) && echo in order
                ipc inspect --json mq:q
                """)
                .expect(0);
        List<String> lines = result.out().lines().toList();
        assertEquals(List.of("mq:q", "each once", "in order"), lines.subList(0, 3));
        JsonObject groups = groups(lines.get(3));
        for (String group : List.of("g", "other")) {
            assertEquals(0, groups.getAsJsonObject(group).get("lag").getAsLong());
            assertEquals(2000, groups.getAsJsonObject(group).get("takenBelow").getAsLong());
        }
        assertEquals("", result.err());
    }

    private static JsonObject groups(String inspected) {
        return JsonParser.parseString(inspected)
                .getAsJsonObject()
                .getAsJsonObject("facts")
                .getAsJsonObject("consumerGroups");
    }

    @Test
    void whatAKilledOneHadNotAcknowledgedGoesToTheOthers() throws Exception {
        // The first one prints into a pipe that has room for 64 messages and some, and waits there for its death.
        Result result = place.run(
                        """
                ipc create mq:q >/dev/null; seq -f %01000g 400 | ipc send mq:q
                mkfifo p; exec 9<>p
                ipc recv -n 0 --group g mq:q >p & victim=$!
                head -c $((64 * 1001)) <&9 >before
                { kill -KILL $victim; wait $victim; } 2>/dev/null
                for i in 1 2; do ipc recv -n 0 --group g --json mq:q >o$i & done; wait
                ipc send mq:q end & ipc recv --no-wait --group g mq:q; wait
                cat before | tr -s 0; cat o1 o2
                """)
                .expect(0);
        Set<Long> before = new HashSet<>();
        Set<Long> after = new HashSet<>();
        for (String line : result.out().lines().toList()) {
            if (!line.startsWith("{")) {
                before.add(line.equals("end") ? 0 : Long.parseLong(line));
                continue;
            }
            JsonObject message = JsonParser.parseString(line).getAsJsonObject();
            long number = Long.parseLong(message.get("data").getAsString());
            assertTrue(after.add(number), "twice by those that live: " + line);
            assertTrue(
                    !before.contains(number) || message.get("redelivered").getAsInt() == 1,
                    "a repeat that is not marked: " + line);
        }
        after.addAll(before);
        after.remove(0L);
        assertEquals(400, after.size());
    }

    @Test
    void whoOnlyReadsMovesNoGroupAndEndsWithItsReader() throws Exception {
        Result result = place.run(
                        """
                ipc create mq:q >/dev/null; seq 20 | ipc send mq:q
                ipc recv -n 3 --group g mq:q >/dev/null
                ipc inspect --json mq:q
                ipc recv -F --from -10 mq:q | head -n 3; echo ${PIPESTATUS[0]}
                ipc recv --peek --group g mq:q; ipc recv --from 7 mq:q; ipc recv --from end --no-wait mq:q; echo $?
                ipc recv -n 2 --from 2020-01-01T00:00:00Z mq:q
                ipc inspect --json mq:q
                """)
                .expect(0);
        List<String> lines = result.out().lines().toList();
        assertEquals(List.of("11", "12", "13", "141", "4", "8", "8", "1", "2"), lines.subList(1, 10));
        assertEquals(groups(lines.get(0)), groups(lines.get(10)));
        assertEquals(
                "ipc: recv mq:q: no message is there, and --no-wait was given (EAGAIN)\n"
                        + "  fix: leave --no-wait out to wait for it; -t DUR waits so long\n",
                result.err());
    }

    @Test
    void aFollowerGetsWhatComes() throws Exception {
        Result result = place.run(
                        """
                ipc create mq:q >/dev/null
                ipc recv -n 2 --group g mq:q >got & r=$!
                ipc send mq:q one; until [ -s got ]; do sleep 0.02; done; ipc send mq:q two; wait $r; cat got
                ipc send 'mq:q?type=order' three; ipc recv --json 'mq:q?type=order'
                """)
                .expect(0);
        assertTrue(result.out().startsWith("one\ntwo\n{"), result.out());
        assertTrue(result.out().contains("\"type\":\"order\""), result.out());
    }

    @Test
    void aWorkerAcknowledgesWhatWentWell() throws Exception {
        Result result = place.run(
                        """
                ipc create mq:q >/dev/null
                ipc listen mq:q -n 3 --exec 'tr a-z A-Z' & w=$!
                ipc request mq:q hello -t 20s; ipc request mq:q again -t 20s; ipc send mq:q nobody asks; wait $w; echo $?
                ipc listen 'mq:q?max-deliveries=2' -n 2 --exec 'read x; echo $x >>tried; exit 1'; echo $?; cat tried
                ipc listen 'mq:q?max-deliveries=2' --no-wait; echo $?
                ipc recv "mq:$IPC_HOME/mq/q/dead/listen"
                ipc request -t 200ms mq:q x; echo $?
                """)
                .expect(0);
        assertEquals("HELLO\nAGAIN\nNOBODY\n0\n0\nasks\nasks\n8\nasks\n124\n", result.out());
        assertTrue(result.err().contains(": exit code 1\n"), result.err());
    }

    @Test
    void aBridgeTakesOutOfAGroup() throws Exception {
        Result result = place.run(
                        """
                ipc create mq:a >/dev/null; ipc create mq:b >/dev/null; seq 300 | ipc send mq:a
                ipc bridge --no-wait 'mq:a?group=g' mq:b; echo $?
                ipc recv -n 0 mq:b | cmp - <(seq 300) && echo all
                ipc inspect --json mq:a
                """)
                .expect(0);
        List<String> lines = result.out().lines().toList();
        assertEquals(List.of("8", "all"), lines.subList(0, 2));
        assertEquals(0, groups(lines.get(2)).getAsJsonObject("g").get("lag").getAsLong());
    }

    @Test
    void failuresAreTold() throws Exception {
        Result result = place.run(
                        """
                ipc create 'mq:q?max-message=64k&capacity=512k&full=refuse' >/dev/null; ipc create mq:q; echo $?
                for verb in send recv inspect rm; do ipc $verb mq:none </dev/null; echo $?; done
                head -c 70000 /dev/zero | ipc send -f raw mq:q; echo $?
                for i in 1 2 3 4 5 6 7 8 9 10; do head -c 60000 /dev/zero; done | ipc send -f raw mq:q; echo $?
                """)
                .expect(0);
        assertEquals("1\n4\n4\n4\n4\n0\n7\n", result.out(), result.err());
        assertTrue(result.err().contains("create it with 'ipc create mq:none', or give --create"), result.err());
        assertTrue(result.err().contains("the message is refused: capacityBytes is 524288"), result.err());
    }

    @Test
    void aSendThatFailsTellsHowManyWentBefore() throws Exception {
        Result result = place.run(
                        """
                ipc create 'mq:q?max-message=64k&capacity=512k&full=refuse' >/dev/null
                seq -f %01000g 600 | ipc send mq:q; echo $?; ipc recv -n 0 mq:q | wc -l
                """)
                .expect(0);
        Matcher told =
                Pattern.compile("; at least (\\d+) messages were sent before").matcher(result.err());
        assertTrue(told.find(), result.err());
        List<String> lines = result.out().lines().toList();
        assertEquals("7", lines.get(0), result.err());
        long sent = Long.parseLong(told.group(1));
        long received = Long.parseLong(lines.get(1).strip());
        assertTrue(0 < sent && sent <= received && received < 600, sent + " told, " + received + " received");
    }

    @Test
    void whatIsAskedWronglyIsTold() throws Exception {
        Result result = place.run(
                        """
                ipc create mq:q >/dev/null
                ipc recv --group g -t 100ms --from end mq:q; echo $?
                ipc recv --from yesterday mq:q; echo $?; ipc recv --group g fifo:f; echo $?; ipc recv --peek fifo:f; echo $?
                ipc create 'mq:other?capacity=1k'; echo $?; ipc create 'mq:other?ful=block'; echo $?
                ipc recv -F mq:q -f raw >/dev/null & until ipc inspect mq:q | grep -q 'attached *[0-9]'; do :; done
                ipc rm mq:q; echo $?; ipc rm --force mq:q; echo $?; ipc ls mq
                """)
                .expect(0);
        assertEquals("124\n2\n2\n2\n2\n2\n8\nremoved  mq:q  (as asked)\n0\n", result.out(), result.err());
        assertTrue(result.err().contains("fix: did you mean full?"), result.err());
    }

    @Test
    void aCheckFindsADamage() throws Exception {
        Result result = place.run(
                """
                ipc create mq:q >/dev/null; seq -f needle%g 100 | ipc send mq:q
                ipc inspect --check mq:q >whole; echo $?; grep damages whole
                file=$(echo $IPC_HOME/mq/q/cycles/*/*.cq4)
                at=$(grep -abo needle50 $file | head -n 1 | cut -d : -f 1)
                printf X | dd of=$file bs=1 seek=$at conv=notrunc 2>/dev/null
                ipc inspect --check mq:q >damaged; echo $?; grep damages damaged
                ipc recv -n 0 mq:q | wc -l
                """);
        List<String> lines = result.out().lines().toList();
        assertTrue(lines.get(0).equals("0") && lines.get(1).matches("damages +none"), result.out());
        assertTrue(lines.get(2).equals("3") && lines.get(3).matches("damages +.*49.*"), result.out());
        assertTrue(result.err().contains("ipc: recv mq:q: "), result.err());
    }
}

package org.jvmipc.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.jvmipc.cli.IpcProcess.Result;

/** What is printed with {@code --json} is what its schemas say. */
@Timeout(240)
class SchemaIT {
    private Workplace place;

    @BeforeEach
    void makePlace() throws IOException {
        place = new Workplace();
    }

    @AfterEach
    void clearPlace() throws IOException {
        place.close();
    }

    private Set<String> checked(Result result) throws IOException {
        Set<String> names = new TreeSet<>();
        for (String line : (result.out() + result.err()).lines().toList()) {
            names.add(JsonSchema.check(line));
        }
        return names;
    }

    @Test
    void ofObjectsAndMessages() throws Exception {
        Result result = place.run(
                """
                ipc create --json fifo:a; ipc create --json 'fifo:b?framing=nul'
                ipc create --json --owned fifo:c; ipc create --json fifo:a
                exec 9<>home/a.fifo 8<>home/b.fifo
                ipc send --json fifo:b 'h\u00e9'; printf '\\377\\0' >&8
                ipc recv --json -n 2 fifo:b
                ipc ls --json; ipc inspect --json fifo:b
                ipc rm --json fifo:b; exec 8>&-; ipc rm --json fifo:b fifo:none
                ipc recv --json --no-wait fifo:a
                ipc create --json mq:q; ipc send --json 'mq:q?type=t' one; ipc inspect --json --check mq:q
                ipc recv --json mq:q; ipc recv --json --group g mq:q; ipc recv --json --no-wait --group g mq:q
                ipc inspect --json mq:q; ipc ls --json mq; ipc rm --json mq:q
                ipc recv --json fifo:; ipc --json dmeo
                """);
        assertEquals(
                Set.of(
                        "ipc.create/1",
                        "ipc.error/1",
                        "ipc.inspect/1",
                        "ipc.ls/1",
                        "ipc.message/1",
                        "ipc.rm/1",
                        "ipc.send/1"),
                checked(result),
                result.toString());
    }

    @Test
    void ofDemosAndExplanations() throws Exception {
        Result result = place.run(
                        """
                ipc explain --json; ipc explain --json 141; ipc explain --json ENXIO
                ipc demo --json list; ipc demo --json pipe -n 10; ipc demo --json fifo -n 10 --kill-after 10ms
                """)
                .expect(0);
        assertEquals(Set.of("ipc.demo-list/1", "ipc.demo/1", "ipc.explain/1"), checked(result), result.toString());
    }

    @Test
    void ofSockets() throws Exception {
        Result result = place.run(
                        """
                ipc listen --json -n 2 uds:s & s=$!
                ipc send --json -t 60s uds:s one; ipc ls --json; ipc inspect --json uds:s
                ipc listen --json uds:s; ipc request --json -t 300ms uds:s two; wait $s
                ipc recv --json uds:s; ipc send --json tcp://192.0.2.1:7000 x; ipc recv --json --no-wait udp://127.0.0.1:0
                ipc demo --json tcp uds udp -n 10; ipc demo --json uds udp --kill-after 10ms
                """)
                .expect(0);
        assertEquals(
                Set.of(
                        "ipc.demo/1",
                        "ipc.error/1",
                        "ipc.inspect/1",
                        "ipc.listening/1",
                        "ipc.ls/1",
                        "ipc.message/1",
                        "ipc.send/1"),
                checked(result),
                result.toString());
    }

    @Test
    void ofWarnings() throws Exception {
        Result result = place.run(
                        """
                ipc create 'fifo:f?framing=framed' >/dev/null; mkfifo in; exec 8<>in
                ipc recv --json -F -n 2 fifo:f >out & r=$!
                { ipc send fifo:f <in & } 2>/dev/null; s=$!; echo 1 >&8
                until [ -s out ]; do sleep 0.02; done
                { kill -KILL $s; wait $s; } 2>/dev/null
                ipc send fifo:f 2; wait $r; cat out
                """)
                .expect(0);
        assertEquals(Set.of("ipc.message/1", "ipc.warning/1"), checked(result), result.toString());
    }
}

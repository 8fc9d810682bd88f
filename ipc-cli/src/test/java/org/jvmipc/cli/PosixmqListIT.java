package org.jvmipc.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.jvmipc.cli.IpcProcess.Result;

/** {@code ipc ls} of kernel message queues that other programs have made, in an IPC namespace and with a {@code /dev} of its own. */
@Timeout(240)
class PosixmqListIT {
    /** A {@code /dev} with a place for queues, which the machine's own need not have. */
    private static final String OWN_DEV =
            """
            set -e
            mkdir dev; mount -t tmpfs none dev; mkdir dev/mqueue dev/shm; ln -s /proc/self/fd dev/fd
            for f in null zero random urandom; do : > dev/$f; mount --bind /dev/$f dev/$f; done
            mount --rbind /dev/shm dev/shm; mount --rbind dev /dev
            set +e
            """;

    /** Makes a queue as any program does, without a word to the toolkit. */
    private static final String OTHER_PROGRAM =
            """
            import ctypes, os
            libc = ctypes.CDLL(None)
            lib = libc if hasattr(libc, "mq_open") else ctypes.CDLL("librt.so.1")
            class Attributes(ctypes.Structure):
                _fields_ = [(name, ctypes.c_long) for name in ("flags", "maxmsg", "msgsize", "curmsgs", "a", "b", "c", "d")]
            lib.mq_open(b"/by-another", os.O_CREAT | os.O_RDWR, 0o600, ctypes.byref(Attributes(0, 3, 1024, 0)))
            """;

    private Workplace place;

    @BeforeEach
    void makePlace() throws Exception {
        place = new Workplace();
        assumeTrue(Workplace.has("python3"), "there is no python3");
        Result may = place.run("unshare --ipc --mount true && mkdir m && unshare --mount mount -t tmpfs none m");
        assumeTrue(may.exit() == 0, "this process may not make an IPC namespace and mount: " + may.err());
    }

    @AfterEach
    void clearPlace() throws IOException {
        place.close();
    }

    private Result apart(String script) throws Exception {
        place.write("other.py", OTHER_PROGRAM.getBytes(StandardCharsets.UTF_8));
        place.write("apart.sh", (OWN_DEV + script).getBytes(StandardCharsets.UTF_8));
        return place.run("unshare --ipc --mount bash apart.sh").expect(0);
    }

    @Test
    void thoseOfOtherProgramsAreListedWhereTheyAreMounted() throws Exception {
        Result result = apart(
                """
                mount -t mqueue none /dev/mqueue
                python3 other.py
                ipc create posixmq:/by-us >/dev/null
                ipc ls posixmq --no-header -o address,state,lifetime,owner,age,size,users | grep another
                exec 7<>/dev/mqueue/by-another
                ipc ls 'posixmq:*' --no-header -o address,state
                ipc ls posixmq:/by-a* --json
                exec 7<&-
                ipc rm posixmq:/by-another posixmq:/by-us >/dev/null; ipc ls posixmq; echo $?
                """);
        List<String> lines = result.out()
                .lines()
                .map(line -> line.replaceAll(" +", " ").strip())
                .toList();
        assertEquals("posixmq:/by-another idle kept - - 3k -", lines.get(0));
        assertEquals(List.of("posixmq:/by-another in-use", "posixmq:/by-us idle"), lines.subList(1, 3));
        JsonObject json = JsonParser.parseString(lines.get(3)).getAsJsonObject();
        assertEquals(List.of(), JsonSchema.faults(JsonSchema.load("ipc.ls/1"), json));
        assertFalse(json.has("owner") || json.has("created"), json.toString());
        assertEquals(List.of("0"), lines.subList(4, lines.size()));
        assertEquals("", result.err());
    }

    @Test
    void thatTheyAreNotMountedIsSaidToWhoAsks() throws Exception {
        Result result = apart(
                """
                python3 other.py
                ipc ls posixmq 2>asked; ipc ls 2>unasked; ipc ls 'fifo:*' 2>>unasked; cat asked unasked
                """);
        List<String> lines = result.out().lines().toList();
        assertEquals(1, lines.size(), result.out());
        assertTrue(lines.get(0).contains("/dev/mqueue is not mounted"), result.out());
        assertFalse(result.out().contains("by-another"), result.out());
    }
}

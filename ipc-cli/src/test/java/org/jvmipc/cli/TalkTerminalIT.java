package org.jvmipc.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.jvmipc.cli.IpcProcess.Result;

/** What the verbs that talk say on a terminal, which script(1) lends them. */
@Timeout(240)
class TalkTerminalIT {
    private static final Map<String, String> XTERM = Map.of("TERM", "xterm", "SHELL", "/bin/sh");

    private Workplace place;

    @BeforeEach
    void makePlace() throws IOException {
        assumeTrue(Workplace.has("script"), "script(1), which makes a terminal, is not on the PATH");
        place = new Workplace();
    }

    @AfterEach
    void clearPlace() throws IOException {
        place.close();
    }

    @Test
    void saysWhatItWaitsForAfterASecond() throws Exception {
        Result result = place.run(
                        XTERM,
                        """
                mkfifo f
                script -qec "ipc send -t 1600ms fifo:$PWD/f x" /dev/null </dev/null
                script -qec "ipc recv -t 1600ms fifo:$PWD/f" /dev/null </dev/null
                """)
                .expect(124);
        String out = result.out();
        assertTrue(
                out.matches("(?s)ipc: waiting for a reader on fifo:\\S*/f \\.\\.\\. \\(Ctrl-C to stop\\)\r\n.*"), out);
        assertTrue(out.contains("\r\nipc: waiting for a message on fifo:"), out);
    }

    @Test
    void saysNothingOfItWhereItIsNotWanted() throws Exception {
        Result result = place.run(
                        XTERM,
                        """
                mkfifo f
                script -qec "ipc send -q -t 1500ms fifo:$PWD/f x" /dev/null </dev/null & first=$!
                ipc send -t 1500ms fifo:$PWD/f x; echo $?
                wait $first
                """)
                .expect(124);
        assertFalse((result.out() + result.err()).contains("waiting"), result.out() + result.err());
    }

    @Test
    void dataIsNeverColoured() throws Exception {
        Result result = place.run(
                        XTERM,
                        """
                mkfifo f; exec 9<>f; echo x >&9
                script -qec "ipc recv fifo:$PWD/f" /dev/null </dev/null
                NO_COLOR=1 script -qec "ipc recv fifo:$PWD/none" /dev/null </dev/null
                TERM=dumb script -qec "ipc recv fifo:$PWD/none" /dev/null </dev/null
                script -qec "ipc recv --color never fifo:$PWD/none" /dev/null </dev/null
                """)
                .expect(4);
        assertTrue(result.out().startsWith("x\r\nipc: recv "), result.out());
        assertEquals(-1, result.out().indexOf('\u001b'), result.out());
    }
}

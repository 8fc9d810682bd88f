package org.jvmipc.cli;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.jvmipc.cli.IpcProcess.Result;

/** Every exit code that the verbs there are can end with. */
@Timeout(240)
class ExitCodesIT {
    /** A FIFO, and a wait until the last process has it open. */
    private static final String PRELUDE =
            """
            mkfifo f
            opened() { until ls -l /proc/$!/fd 2>/dev/null | grep -q '/f$'; do sleep 0.02; done; }
            """;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            textBlock =
                    """
              0 | ipc explain 0
              1 | ipc create fifo:$PWD/f
              2 | ipc recv
              3 | printf '{' >f & ipc recv -f json fifo:$PWD/f
              4 | ipc recv fifo:$PWD/none
              5 | printf x >f & ipc recv -n 2 fifo:$PWD/f
              6 | ipc create fifo:/sys/none
              7 | ipc explain >/dev/full
              8 | ipc send --no-wait fifo:$PWD/f x
              9 | ipc listen fifo:$PWD/f
            124 | ipc recv -t 100ms fifo:$PWD/f
            130 | set -m; ipc recv fifo:$PWD/f & opened; kill -INT $!; wait $!
            141 | mkfifo g; (: <g) & exec 3>g; wait; ipc explain >&3
            143 | ipc recv fifo:$PWD/f & opened; kill -TERM $!; wait $!
            """)
    void isProduced(int code, String script) throws Exception {
        try (Workplace place = new Workplace()) {
            place.run(PRELUDE + script).expect(code);
        }
    }

    @Test
    void aBugIsReportedInAFile() throws Exception {
        try (Workplace place = new Workplace()) {
            String classPath = Workplace.classPath("broken");
            Result result = place.run(
                            Map.of("IPC_CLASS_PATH", classPath),
                            """
                    ipc create broken:x 2>err; code=$?; cat err >&2
                    report=$(grep -o '/[^ ]*ipc-bug-[^ ]*.txt' err); grep IllegalStateException "$report"; rm "$report"
                    exit $code
                    """)
                    .expect(125);
            assertTrue(result.out().contains("java.lang.IllegalStateException: broken for a test"), result.out());
            assertTrue(result.err().startsWith("ipc: internal error at org.jvmipc.cli.broken."), result.err());
        }
    }
}

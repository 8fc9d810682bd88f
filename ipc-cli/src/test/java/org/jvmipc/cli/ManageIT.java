package org.jvmipc.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.jvmipc.cli.IpcProcess.Result;

/** {@code create}, {@code ls}, {@code inspect} and {@code rm}, what they keep their hands off, and the words of {@code explain}. */
@Timeout(240)
class ManageIT {
    /** An object of a shell that has ended, one that is kept, one of a live owner. */
    private static final String LEFT_OVER =
            """
            (bash -c 'ipc create --owned fifo:left; :'; ipc create fifo:kept; ipc create --owner $$ fifo:mine) >/dev/null
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

    @Test
    void createPrintsTheCanonicalAddressAndMakesItOnce() throws Exception {
        Result result = place.run(
                        """
                ipc create "fifo:$PWD/x/../f?framing=nul&max=1k" | sed "s|$PWD|PWD|"
                ipc create --mode 0640 --size 64k fifo:named; stat -c %a home/named.fifo
                ipc create fifo:named; echo $?
                ipc create --size 1x fifo:other; ipc create --owned --owner 1 fifo:other; echo $?
                """)
                .expect(0);
        assertEquals("fifo:PWD/f\nfifo:named\n640\n1\n2\n", result.out().replace("x/../", ""));
        assertTrue(result.err().contains("ipc: create fifo:named: File exists (EEXIST)\n  fix: "), result.err());
        assertTrue(result.err().contains("ipc rm fifo:named\n"), result.err());
    }

    @Test
    void lsShowsWhatThereIs() throws Exception {
        Result result = place.run(
                        LEFT_OVER
                                + """
                exec 9<>home/mine.fifo
                ipc ls
                ipc ls 'k*' --no-header -o address,state; ipc ls fifo:mine -o scheme,bytes,users --bytes
                ipc ls --stale --no-header -o address; ipc ls nothing
                echo $$
                ipc ls -o address,stat
                """)
                .expect(2);
        List<String> lines = result.out().lines().toList();
        String pid = lines.get(lines.size() - 1);
        assertTrue(lines.get(0).matches("ADDRESS +STATE +LIFETIME +OWNER +AGE +SIZE +USERS"), result.out());
        String table = String.join("\n", lines);
        assertTrue(table.matches("(?s).*\nfifo:left +stale +owned +\\d+ dead +.*"), table);
        assertTrue(table.matches("(?s).*\nfifo:mine +in-use +owned +" + pid + " alive +.*"), table);
        assertTrue(table.matches("(?s).*\nfifo:kept  idle\nSCHEME +BYTES +USERS\nfifo .*"), table);
        assertEquals("fifo:left", lines.get(lines.size() - 2));
        assertTrue(
                result.err().contains("ls: there is no column \"stat\"\n  fix: did you mean state?\n"), result.err());
    }

    @Test
    void inspectTellsOfOneAndThatThereIsNone() throws Exception {
        Result result = place.run(
                        """
                ipc create 'fifo:a?framing=nul' >/dev/null
                ipc inspect fifo:a; ipc inspect fifo:b
                """)
                .expect(4);
        assertTrue(result.out().startsWith("address  ") || result.out().startsWith("address "), result.out());
        assertTrue(result.out().matches("(?s).*framing +nul\n.*"), result.out());
        assertTrue(result.err().startsWith("ipc: inspect fifo:b: No such file or directory (ENOENT)\n"), result.err());
    }

    @Test
    void rmRefusesWhatIsInUseAndGoesOnAfterWhatIsMissing() throws Exception {
        Result result = place.run(
                        """
                for name in a b c; do ipc create fifo:$name >/dev/null; done
                exec 9<>home/a.fifo
                ipc rm fifo:a; echo $?
                ipc rm --force fifo:a; echo $?
                ipc rm fifo:b fifo:none fifo:c; echo $?
                ipc rm; echo $?; ipc rm --stale fifo:a; echo $?
                ls home; echo $$
                """)
                .expect(0);
        List<String> lines = result.out().lines().toList();
        assertTrue(result.out().startsWith("8\nremoved  fifo:a  (as asked)\n0\nremoved  fifo:b"), result.out());
        assertTrue(result.out().contains("removed  fifo:c  (as asked)\n4\n2\n2\n"), result.out());
        assertFalse(result.out().contains(".fifo"), result.out());
        String pid = lines.get(lines.size() - 1);
        assertTrue(
                result.err().startsWith("ipc: rm fifo:a: in use by process " + pid + " (EBUSY)\n  fix: "),
                result.err());
        assertTrue(result.err().contains("ipc: rm fifo:none: No such file or directory (ENOENT)\n"), result.err());
    }

    @Test
    void rmStaleRemovesOnlyWhatIsProvenToBeLeftOver() throws Exception {
        Result result = place.run(
                        LEFT_OVER
                                + """
                ipc rm --stale; echo $?
                ipc rm --stale --dry-run; [ -p home/left.fifo ] && echo there
                ipc rm --stale -y; ipc rm --stale -y; echo $?
                ls home | grep fifo
                """)
                .expect(0);
        String out = result.out();
        assertTrue(
                out.matches(
                        "2\nwould be removed  fifo:left  .*\nthere\nremoved  fifo:left  .*\n0\nkept.fifo\nmine.fifo\n"),
                out);
        assertTrue(result.err().endsWith("ipc: nothing is stale\n"), result.err());
    }

    @Test
    void rmStaleAsksOnATerminal() throws Exception {
        assumeTrue(Workplace.has("script"), "script(1), which makes a terminal, is not on the PATH");
        Result result = place.run(
                        Map.of("SHELL", "/bin/sh"),
                        LEFT_OVER
                                + """
                answer() { (sleep 1; echo $1; sleep 1) | script -qec 'ipc rm --stale' /dev/null; }
                answer n; [ -p home/left.fifo ] && echo there
                answer y; [ -p home/left.fifo ] || echo gone
                """)
                .expect(0);
        String out = result.out().replace("\r", "");
        assertTrue(out.matches("(?s).*Remove it\\? \\[y/N\\] .*ipc: nothing was removed\nthere\n.*gone\n"), out);
    }

    @Test
    void explainKnowsEveryCode() throws Exception {
        Result result = place.run(
                        """
                ipc explain; ipc explain ipc-104; ipc explain 130; ipc explain 137; ipc explain enxio; ipc explain 3
                ipc explain IPC-999; echo $?; ipc explain 999; echo $?; ipc explain EAGIAN; echo $?
                """)
                .expect(0);
        for (int code = 100; code <= 110; code++) {
            assertTrue(result.out().contains("IPC-" + code + ", exit code "), result.out());
        }
        assertTrue(result.out().contains("\nENXIO, exit code 4\n"), result.out());
        assertTrue(result.out().endsWith("2\n2\n2\n"), result.out());
        assertTrue(result.err().contains("  fix: did you mean EAGAIN?\n"), result.err());
    }

    @Test
    void completionStartsNoJvmAndExpandsNothing() throws Exception {
        Result result = place.run(
                        """
                ipc create fifo:orders >/dev/null; mkfifo 'p$(touch owned)' plain
                ipc generate-completion >script && . ./script
                ipc() { echo started; }; java() { echo started; }; PATH=/usr/bin:/bin
                complete_line() {
                    COMP_LINE=$1 COMP_POINT=${#1} COMP_WORDBREAKS=${2-$' '}; _ipc; printf '<%s>\\n' "${COMPREPLY[*]}"
                }
                complete_line 'ipc sen'
                complete_line 'ipc sem p'
                complete_line 'ipc recv --form'
                complete_line 'ipc recv fifo:o'
                complete_line 'ipc recv fifo:o' ' :='
                complete_line "ipc rm fifo:$PWD/p" | sed "s|$PWD|PWD|g"
                complete_line 'ipc recv -f le'
                printf 'address=fifo:z;evil\\n' >$IPC_HOME/registry/x.rec; complete_line 'ipc recv fifo:z'
                ln -s $IPC_HOME foreign; IPC_HOME=$PWD/foreign complete_line 'ipc recv fifo:o'
                [ -e owned ] && echo expanded; exit 0
                """)
                .expect(0);
        assertEquals(
                """
                <send>
                <post>
                <--format>
                <fifo:orders>
                <orders>
                <fifo:PWD/plain>
                <len32>
                <>
                <>
                """,
                result.out());
        assertEquals("", result.err());
    }
}

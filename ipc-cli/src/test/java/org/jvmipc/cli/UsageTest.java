package org.jvmipc.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.jvmipc.cli.frame.CommandException;
import org.jvmipc.cli.frame.Console;
import org.jvmipc.cli.frame.CountConverter;
import org.jvmipc.cli.frame.Failure;
import org.jvmipc.cli.frame.GlobalOptions;
import org.jvmipc.cli.frame.PercentConverter;
import picocli.CommandLine.TypeConversionException;

@Timeout(20)
class UsageTest {
    private static Failure refused(String... args) {
        CommandException e = assertThrows(CommandException.class, () -> {
            VerbLine line = VerbLine.of(Verb.DEMO, new GlobalOptions());
            line.parse(args);
            line.run(Console.of(new GlobalOptions()));
        });
        assertEquals(2, e.failure().kind().exit());
        return e.failure();
    }

    @ParameterizedTest
    @CsvSource({
        "--capcity, --capacity",
        "--kill-afer=200ms, --kill-after",
        "--slwo, --slow",
        "--show-cod, --show-code",
        "--jsno, --json",
        "--versoin, --version"
    })
    void meansTheNearestOption(String typed, String meant) {
        List<String> fixes = refused("pipe", typed).fixes();
        assertTrue(fixes.contains("did you mean " + meant + "?"), fixes.toString());
    }

    @ParameterizedTest
    @CsvSource({
        "dmeo, demo",
        "demos, demo",
        "hlep, help",
        "DEMO, demo",
        "sned, send",
        "recieve, recv",
        "generate, generate-completion"
    })
    void meansTheNearestVerb(String typed, String meant) {
        CommandException e = assertThrows(CommandException.class, () -> VerbLine.verb(typed));
        assertEquals("did you mean " + meant + "?", e.failure().fixes().get(0));
    }

    @ParameterizedTest
    @CsvSource({
        "pip, pipe",
        "pipes, pipe",
        "mutx, mutex",
        "shmm, shm",
        "sme, sem",
        "locks, lock",
        "tpc, tcp",
        "udps, udp",
        "lsit, list",
        "al, all"
    })
    void meansTheNearestDemo(String typed, String meant) {
        assertEquals("did you mean " + meant + "?", refused(typed).fixes().get(0));
    }

    @Test
    void doesNotPretendToKnowWhatIsFar() {
        CommandException e = assertThrows(CommandException.class, () -> VerbLine.verb("xyzzy"));
        assertEquals(List.of("'ipc help' lists the verbs"), e.failure().fixes());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "pipe -n",
                "pipe -n 0",
                "pipe -n x",
                "pipe -n -5",
                "pipe -n 10q",
                "pipe -n 99999999999999999999",
                "pipe -s 17m",
                "pipe -s 1g",
                "pipe -s -1",
                "pipe --capacity 0",
                "pipe --capacity 2g",
                "pipe --capacity 3g",
                "pipe -t 0",
                "pipe -t 5",
                "pipe --kill-after 60s",
                "pipe --kill-after x",
                "pipe --color=blue",
                "list pipe",
                "fifo -c 0",
                "fifo -c 33",
                "fifo --kind reader",
                "fifo --kind readr --kill-after 1s",
                "all --kind readr --kill-after 1s",
                "sem -c 0",
                "shm -c 33",
                "sem --broken --kill-after 1s",
                "lock --kind reader",
                "tcp --kind server",
                "uds --kind writr --kill-after 1s",
                "udp --loss 30",
                "udp --loss 101%",
                "udp --dup -1%",
                "udp --corrupt x",
                "udp --delay 11s",
                "udp --seed 0",
                "udp -s 64k",
                "rings",
                "ring --kind one",
                "ring --kind one-to-one -c 3",
                "ring --kind producer --kill-after 1s",
                "ring --victim consumer",
                "ring --victim writer --kill-after 1s",
                "readers-writers --victim reader",
                "readers-writers --victim producer --kill-after 1s",
                "producers-consumers --victim writer --kill-after 1s",
                "dining -c 33",
                "dinning",
                "all --kind producer",
                "ring -c 33",
                "ring -c 32 -s 16m",
                "all -c 4 --kind one-to-one"
            })
    void refusesWhatMakesNoSense(String line) {
        Failure failure = refused(line.isEmpty() ? new String[0] : line.split(" ", -1));
        assertTrue(failure.message().startsWith("demo"), failure.message());
        assertFalse(failure.fixes().isEmpty(), failure.message());
    }

    @ParameterizedTest
    @CsvSource({"-c 2, -c", "--kind reader --kill-after 1s, --kind"})
    void refusesWhatADemoDoesNotTake(String options, String named) {
        for (String demos : List.of("pipe", "fifo pipe")) {
            String[] line = (demos + " " + options).split(" ", -1);
            assertEquals("demo: pipe takes no " + named, refused(line).message());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "mutex -s 64, mutex takes no -s",
        "lock -s 64, lock takes no -s",
        "mutex --capacity 4k, mutex takes no --capacity",
        "pipe --broken, pipe takes no --broken",
        "shm --broken, shm takes no --broken",
        "shm mutex --broken, shm takes no --broken",
        "sem --kill-after 1s --kind writer, sem takes no --kind",
        "tcp --loss 5%, tcp takes no --loss",
        "pipe --seed 1, pipe takes no --seed",
        "udp -c 2, udp takes no -c",
        "tcp udp --capacity 4k, udp takes no --capacity",
        "ring --loss 5%, ring takes no --loss",
        "ring --broken, ring takes no --broken",
        "fifo --kill-after 1s --victim producer, fifo takes no --victim",
        "dining --kill-after 1s --victim philosopher, dining takes no --victim",
        "dining -s 64, dining takes no -s",
        "readers-writers --capacity 4k, readers-writers takes no --capacity",
        "producers-consumers --broken, producers-consumers takes no --broken",
        "udp -s 65480, udp takes no -s over 65479"
    })
    void refusesWhatADemoOfSharedThingsDoesNotTake(String line, String message) {
        assertEquals("demo: " + message, refused(line.split(" ", -1)).message());
    }

    @Test
    void meansTheNearestKind() {
        Failure failure = refused("fifo", "--kill-after", "1s", "--kind", "reeder");
        assertEquals("demo: there is no --kind \"reeder\"", failure.message());
        assertEquals(List.of("did you mean reader?", "it is one of: writer, reader"), failure.fixes());
    }

    @Test
    void aKindOfARingNeedsNoKillAndIsNotWhoIsKilled() {
        Failure victim = refused("ring", "--kill-after", "1s", "--kind", "consumer");
        assertEquals("demo: there is no --kind \"consumer\"", victim.message());
        assertEquals(List.of("who is killed is --victim consumer"), victim.fixes());
        Failure many = refused("ring", "--kind", "one-to-one", "-c", "3");
        assertEquals("demo: a ring of the kind one-to-one has one producer and one consumer, not 3", many.message());
    }

    @Test
    void namesTheLimitOfASize() {
        assertEquals(
                "demo: -s 17m: the largest payload is 16m",
                refused("pipe", "-s", "17m").message());
    }

    @Test
    void namesTheLimitOfACapacity() {
        assertEquals(
                "demo: --capacity 3g: it must be at least 1 byte and less than 2g",
                refused("pipe", "--capacity", "3g").message());
    }

    @Test
    void helpOfADemoNamesItsParameterAsItsUsageDoes() {
        String help = HelpText.of(Verb.DEMO);
        assertTrue(help.contains("ipc demo MECH... [options]"), help);
        assertTrue(help.contains("\n      MECH..."), help);
        assertFalse(help.contains("[MECH"), help);
        assertTrue(help.contains("50 us"), help);
    }

    @Test
    void keepsTerminalsSafeFromWhatWasTyped() {
        assertFalse(refused("pi\u001b[31mpe").message().contains("\u001b"));
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "500, 500", "10k, 10000", "2K, 2000", "1m, 1000000", "3g, 3000000000"})
    void readsCounts(String text, long count) {
        assertEquals(count, new CountConverter().convert(text));
    }

    @Test
    void refusesCountsThatOverflow() {
        assertThrows(TypeConversionException.class, () -> new CountConverter().convert("9223372036854775807k"));
    }

    @ParameterizedTest
    @CsvSource({"30%, 0.3", "0.5%, 0.005", "0%, 0", "100%, 1"})
    void readsShares(String text, double probability) {
        assertEquals(probability, new PercentConverter().convert(text));
    }

    @ParameterizedTest
    @EnumSource(Verb.class)
    void helpFitsATerminal(Verb verb) {
        assertPlain(HelpText.of(verb));
        assertTrue(HelpText.of(verb).contains("Usage: ipc " + verb.word()));
    }

    @Test
    void helpOfTheCommandFitsATerminal() {
        assertPlain(HelpText.ofCommand());
    }

    @Test
    void helpNamesWhatExistsAndNothingElse() {
        String help = HelpText.ofCommand();
        assertTrue(help.contains("Start here\n  demo "), help);
        assertTrue(help.contains("Help\n  explain "), help);
        assertTrue(help.contains("Talk\n  send "), help);
        assertTrue(help.contains("Manage\n  ls "), help);
        assertTrue(help.contains("Synchronise\n  sem "), help);
        for (String later : List.of("doctor", "bench", "top", "run (")) {
            assertFalse(help.contains(later), later);
        }
    }

    private static void assertPlain(String text) {
        assertTrue(StandardCharsets.US_ASCII.newEncoder().canEncode(text));
        assertFalse(text.contains("\u001b"));
        assertFalse(text.contains("%n"));
        text.lines().forEach(line -> assertTrue(line.length() <= 80, line));
    }
}

package org.jvmipc.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.jvmipc.cli.ShellSession.Outcome;

/** What the documents show of the shell is what happens. */
@Timeout(300)
class DocsIT {
    private static final Path TOP = Path.of("").toAbsolutePath().getParent();

    @TestFactory
    List<DynamicTest> whatTheReadmeShowsHappens(@TempDir Path directory) throws Exception {
        return tests("README.md", directory);
    }

    @TestFactory
    List<DynamicTest> whatTheDocumentsShowHappens(@TempDir Path directory) throws Exception {
        List<DynamicTest> tests = new ArrayList<>();
        try (Stream<Path> files = Files.list(TOP.resolve("docs"))) {
            for (Path file : files.sorted().toList()) {
                if (file.toString().endsWith(".md")) {
                    String name = file.getFileName().toString();
                    tests.addAll(tests("docs/" + name, Files.createDirectory(directory.resolve(name))));
                }
            }
        }
        return tests;
    }

    /** One for each block of a document, and one for what is left behind. */
    private static List<DynamicTest> tests(String document, Path directory) throws IOException, InterruptedException {
        List<ShellBlock> blocks = ShellBlock.of(TOP.resolve(document), document);
        List<DynamicTest> tests = new ArrayList<>();
        if (blocks.isEmpty()) {
            return tests;
        }
        ShellSession session = new ShellSession(directory);
        session.run(blocks);
        int next = 0;
        for (ShellBlock block : blocks) {
            String why = block.skipped();
            int from = next;
            next += why.isEmpty() ? block.steps().size() : 0;
            List<Outcome> outcomes = session.outcomes().subList(from, next);
            tests.add(dynamicTest(block.name(), () -> {
                assumeTrue(why.isEmpty(), block.name() + " is not run: " + why);
                check(block, outcomes);
            }));
        }
        List<String> leftovers = session.leftovers();
        tests.add(dynamicTest(document + " leaves nothing", () -> assertEquals(List.of(), leftovers)));
        return tests;
    }

    private static void check(ShellBlock block, List<Outcome> outcomes) {
        for (int i = 0; i < outcomes.size(); i++) {
            ShellBlock.Step step = block.steps().get(i);
            Outcome outcome = outcomes.get(i);
            String what = block.name() + ": " + step.command();
            if (block.isScript()) {
                assertEquals(0, outcome.exit(), what + "\n" + outcome.output());
            } else if (block.outputVaries()) {
                assertEquals(firstWord(step.expected()), firstWord(outcome.output()), what);
            } else if (block.numbersVary()) {
                assertEquals(withoutNumbers(step.expected()), withoutNumbers(outcome.output()), what);
            } else {
                assertEquals(step.expected().stripTrailing(), outcome.output().stripTrailing(), what);
            }
        }
    }

    private static String firstWord(String text) {
        return text.split("\\s", 2)[0];
    }

    /** Each number is 0, with its points, commas and colons, and what depends on its width is one space. */
    private static String withoutNumbers(String text) {
        return text.replaceAll("[0-9]+([.,:][0-9]+)*", "0")
                .replaceAll("\\b0[mh]\\b", "0s") // an age
                .replaceAll(" +", " ")
                .stripTrailing();
    }
}

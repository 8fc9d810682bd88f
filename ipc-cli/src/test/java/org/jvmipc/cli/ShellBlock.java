package org.jvmipc.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A block of shell in a document: commands with what they print (console), or a script (sh). What is special to it stands in
 * comments of HTML in front of it; CONTRIBUTING.md has the words.
 *
 * @param document as {@code docs/cli.md}
 * @param line of its beginning, from 1
 * @param marks of the comments in front of it
 */
record ShellBlock(String document, int line, boolean isScript, List<String> marks, List<Step> steps) {
    private static final Pattern FENCE = Pattern.compile("```(\\w*)");
    private static final Pattern MARK = Pattern.compile("<!-- test: (.+) -->");
    private static final String PROMPT = "$ ";
    private static final String CONTINUED = "> ";
    private static final String NEEDS = "needs ";
    private static final String SKIP = "skip ";
    private static final String OUTPUT_VARIES = "output varies";
    private static final String NUMBERS_VARY = "numbers vary";

    /** A command, of one line or several, and what it prints. */
    record Step(String command, String expected) {}

    /** All blocks of a document, in its order. */
    static List<ShellBlock> of(Path file, String document) throws IOException {
        List<String> lines = Files.readAllLines(file);
        List<ShellBlock> blocks = new ArrayList<>();
        List<String> marks = new ArrayList<>();
        int i = 0;
        while (i < lines.size()) {
            Matcher mark = MARK.matcher(lines.get(i));
            Matcher fence = FENCE.matcher(lines.get(i));
            if (mark.matches()) {
                marks.add(known(mark.group(1), document));
                i++;
            } else if (fence.matches()) {
                int end = i + 1 + lines.subList(i + 1, lines.size()).indexOf("```");
                List<String> body = lines.subList(i + 1, end);
                add(
                        blocks,
                        fence.group(1),
                        body,
                        new ShellBlock(document, i + 1, false, List.copyOf(marks), List.of()));
                marks.clear();
                i = end + 1;
            } else {
                marks.clear();
                i++;
            }
        }
        return blocks;
    }

    private static String known(String mark, String document) {
        if (mark.equals(OUTPUT_VARIES)
                || mark.equals(NUMBERS_VARY)
                || mark.startsWith(NEEDS)
                || mark.startsWith(SKIP)) {
            return mark;
        }
        throw new AssertionError(document + ": nobody knows <!-- test: " + mark + " -->");
    }

    private static void add(List<ShellBlock> blocks, String language, List<String> body, ShellBlock head) {
        if (language.equals("console")) {
            blocks.add(new ShellBlock(head.document, head.line, false, head.marks, dialogue(body)));
        } else if (language.equals("sh")) {
            Step whole = new Step(String.join("\n", body), "");
            blocks.add(new ShellBlock(head.document, head.line, true, head.marks, List.of(whole)));
        } else if (body.stream().anyMatch(line -> line.startsWith(PROMPT))) {
            throw new AssertionError(head.name() + " looks like a dialogue and is not fenced as console");
        }
    }

    private static List<Step> dialogue(List<String> body) {
        List<Step> steps = new ArrayList<>();
        int i = 0;
        while (i < body.size()) {
            StringBuilder command = new StringBuilder(body.get(i++).substring(PROMPT.length()));
            while (i < body.size() && body.get(i).startsWith(CONTINUED)) {
                command.append('\n').append(body.get(i++).substring(CONTINUED.length()));
            }
            StringBuilder expected = new StringBuilder();
            while (i < body.size() && !body.get(i).startsWith(PROMPT)) {
                expected.append(body.get(i++)).append('\n');
            }
            steps.add(new Step(command.toString(), expected.toString()));
        }
        return steps;
    }

    /** What a person looks for. */
    String name() {
        return document + ":" + line;
    }

    boolean numbersVary() {
        return marks.contains(NUMBERS_VARY);
    }

    boolean outputVaries() {
        return marks.contains(OUTPUT_VARIES);
    }

    /** Why it is not run: a tool that is not here, or what its mark says; empty if it is. */
    String skipped() {
        for (String mark : marks) {
            if (mark.startsWith(SKIP)) {
                return mark.substring(SKIP.length());
            }
            for (String tool :
                    mark.startsWith(NEEDS) ? mark.substring(NEEDS.length()).split(" ", -1) : new String[0]) {
                if (!isOnPath(tool)) {
                    return "there is no " + tool;
                }
            }
        }
        return "";
    }

    private static boolean isOnPath(String tool) {
        for (String folder : System.getenv("PATH").split(":", -1)) {
            if (Files.isExecutable(Path.of(folder, tool))) {
                return true;
            }
        }
        return false;
    }
}

package org.jvmipc.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jvmipc.cli.demo.Demo;
import org.jvmipc.cli.demo.DemoOption;
import org.jvmipc.cli.demo.DemoReport;
import org.jvmipc.cli.demo.Tally;
import org.jvmipc.cli.demo.Verdict;
import org.jvmipc.cli.demo.Words;
import org.jvmipc.cli.frame.Console;
import org.jvmipc.cli.frame.Json;
import org.jvmipc.cli.frame.Palette;
import org.jvmipc.cli.frame.Table;

/** Demos as text or JSON. */
final class DemoPrinter {
    private static final String LIST_SCHEMA = "ipc.demo-list/1";
    private static final int LABEL_WIDTH = 13;
    private static final int INDENT = 2;
    private static final List<DemoOption> FAULTS = List.of(
            DemoOption.LOSS,
            DemoOption.REORDER,
            DemoOption.DUP,
            DemoOption.DELAY,
            DemoOption.CORRUPT,
            DemoOption.KILL_AFTER);

    private DemoPrinter() {}

    /** A report as asked for: one line of JSON, or a few of text with the verdict first. */
    static String print(DemoReport report, Console console) {
        if (console.json()) {
            return Json.line(report.toMap()) + "\n";
        }
        StringBuilder text = new StringBuilder();
        text.append(console.palette()
                        .paint(meaning(report.verdict()), report.verdict().name()))
                .append("  ")
                .append(report.mechanism())
                .append(": ")
                .append(headline(report))
                .append('\n');
        if (console.quiet()) {
            return text.toString();
        }
        text.append('\n');
        int width = console.columns() - INDENT - LABEL_WIDTH;
        text.append(line("law", report.law(), width));
        if (report.why() != null) {
            text.append(line("why", report.why(), width));
        }
        report.shown().forEach((label, sentence) -> text.append(line(label, sentence, width)));
        return text.toString();
    }

    private static String headline(DemoReport report) {
        return switch (report.verdict()) {
            case PASS -> report.headline();
            case FAIL -> counters(report);
            case SKIP -> "not tried, in " + Words.duration(report.nanos());
        };
    }

    private static String counters(DemoReport report) {
        Tally tally = report.tally();
        return String.format(
                Locale.ROOT,
                "%s sent, %s received, %s lost, %s doubled, %s out of order, %s corrupt, in %s",
                Words.count(tally.sent()),
                Words.count(tally.received()),
                Words.count(tally.lost()),
                Words.count(tally.duplicated()),
                Words.count(tally.reordered()),
                Words.count(tally.corrupt()),
                Words.duration(report.nanos()));
    }

    /** The label and, beside it, the sentence on as many lines as it takes. */
    private static String line(String label, String sentence, int width) {
        StringBuilder text =
                new StringBuilder(" ".repeat(INDENT)).append(label).append(" ".repeat(LABEL_WIDTH - label.length()));
        int column = 0;
        for (String word : sentence.split(" ", -1)) {
            if (column > 0 && column + 1 + word.length() > width) {
                text.append('\n').append(" ".repeat(INDENT + LABEL_WIDTH));
                column = 0;
            }
            text.append(column == 0 ? "" : " ").append(word);
            column += word.length() + (column == 0 ? 0 : 1);
        }
        return text.append('\n').toString();
    }

    private static Palette.Meaning meaning(Verdict verdict) {
        return switch (verdict) {
            case PASS -> Palette.Meaning.GOOD;
            case FAIL -> Palette.Meaning.BAD;
            case SKIP -> Palette.Meaning.UNSURE;
        };
    }

    /** What demos there are: a table, or a line of JSON each. */
    static String list(List<Demo> demos, Console console) {
        StringBuilder text = new StringBuilder();
        List<String[]> rows = new ArrayList<>();
        rows.add(new String[] {"NAME", "PROCESSES", "SHOWS", "FAULTS"});
        for (Demo demo : demos) {
            String processes = String.join(", ", demo.processes());
            List<String> faults = faults(demo);
            String fault = faults.isEmpty() ? "" : faults.get(0) + (faults.size() == 1 ? "" : " ...");
            rows.add(new String[] {demo.mechanism(), processes, demo.shows(), fault});
            if (console.json()) {
                text.append(Json.line(map(demo, faults))).append('\n');
            }
        }
        return console.json() ? text.toString() : Table.of(rows);
    }

    /** The options that play faults, as they are typed. */
    private static List<String> faults(Demo demo) {
        return FAULTS.stream()
                .filter(demo.options()::contains)
                .map(DemoOption::word)
                .toList();
    }

    private static Map<String, Object> map(Demo demo, List<String> faults) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("schema", LIST_SCHEMA);
        map.put("mechanism", demo.mechanism());
        map.put("processes", demo.processes());
        map.put("shows", demo.shows());
        map.put("faults", faults);
        return map;
    }
}

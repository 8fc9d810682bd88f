package org.jvmipc.cli.manage;

import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.jvmipc.process.ProcessIdentity;

/** What threads of other JVMs do, each JVM asked once. */
final class ThreadStacks {
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Pattern HEADING = Pattern.compile("\"(.*)\" #(\\d+)(?: .*)?");
    private static final Pattern VIRTUAL = Pattern.compile("\\s+(?:Carrying|Mounted) virtual thread .*#(\\d+).*");

    private final Map<ProcessIdentity, Dump> dumps = new HashMap<>();

    /** What a JVM has answered: the text, or why there is none. */
    private record Dump(String text, @Nullable String whyNot) {}

    /**
     * One thread.
     *
     * @param name null if it is not known
     * @param frames where it is, the innermost first, as a thread dump has them
     * @param whyNot why there are no frames; null if there are
     */
    record Stack(@Nullable String name, List<String> frames, @Nullable String whyNot) {}

    /** That of a thread, by {@link Thread#getId}. */
    Stack of(ProcessIdentity process, long thread) {
        Dump dump = dumps.computeIfAbsent(process, ThreadStacks::dump);
        return dump.whyNot == null ? find(dump.text, thread) : new Stack(null, List.of(), dump.whyNot);
    }

    private static Dump dump(ProcessIdentity process) {
        try {
            return new Dump(new AttachedJvm(process, PATIENCE).threadDump(), null);
        } catch (IOException e) {
            return new Dump("", String.valueOf(e.getMessage()));
        }
    }

    /** In a dump, threads are paragraphs, whose first line begins with the name in quotes, and the number. */
    static Stack find(String dump, long thread) {
        for (String paragraph : dump.split("\n\\s*\n", -1)) {
            List<String> lines = paragraph.lines().toList();
            for (int i = 0; i < lines.size(); i++) {
                Matcher heading = HEADING.matcher(lines.get(i));
                Matcher carrier = VIRTUAL.matcher(lines.get(i));
                if (heading.matches() && isOf(thread, heading.group(2))) {
                    return new Stack(heading.group(1), frames(lines.subList(i + 1, lines.size())), null);
                }
                if (carrier.matches() && isOf(thread, carrier.group(1))) {
                    return new Stack(null, frames(lines.subList(i + 1, lines.size())), null);
                }
            }
        }
        return new Stack(null, List.of(), "the thread is not in its thread dump");
    }

    private static boolean isOf(long thread, String number) {
        return number.equals(Long.toString(thread));
    }

    private static List<String> frames(List<String> lines) {
        return lines.stream()
                .map(String::strip)
                .filter(line -> line.startsWith("at ") || line.startsWith("- "))
                .toList();
    }
}

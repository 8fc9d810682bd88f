package org.jvmipc.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Runs the blocks of a document one after the other in one bash, in a directory, a runtime directory and a home of its own, with
 * {@code ipc} on the path. {@code /tmp/} in the blocks is a directory of its own, too.
 */
final class ShellSession {
    private static final long LONGEST_SECONDS = 280;
    private static final String SHOWN_HOME = "/dev/shm/ipc-1000";
    private static final String SHOWN_TEMPORARY = "/tmp/";
    private static final Pattern STEP_END = Pattern.compile("\u001e(\\d+) (\\d+)\n");

    private final Path directory;
    private final Path module = Path.of("").toAbsolutePath();
    private final List<Outcome> outcomes = new ArrayList<>();

    /** What a command printed, on both streams, and its exit code. */
    record Outcome(String output, int exit) {}

    /** A session in an empty directory. */
    ShellSession(Path directory) throws IOException {
        this.directory = directory.toRealPath();
        for (String name : List.of("bin", "home", "tmp", "work")) {
            Files.createDirectory(directory.resolve(name));
        }
        for (String name : List.of("bin", "work")) {
            Files.createSymbolicLink(directory.resolve(name).resolve("ipc"), module.resolveSibling("ipc"));
        }
    }

    /** Runs them, but those that are to be skipped. */
    void run(List<ShellBlock> blocks) throws IOException, InterruptedException {
        Path script = Files.writeString(directory.resolve("script"), script(blocks));
        Path output = directory.resolve("output");
        ProcessBuilder builder = new ProcessBuilder("bash", "--norc", "--noprofile", script.toString());
        builder.directory(directory.resolve("work").toFile());
        builder.environment()
                .keySet()
                .removeAll(List.of("NO_COLOR", "JAVA_TOOL_OPTIONS", "COLUMNS", "BASH_ENV", "IPC_CLASS_PATH"));
        builder.environment().putAll(environment());
        builder.redirectInput(Path.of("/dev/null").toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        Process bash = builder.start();
        boolean ended = bash.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS);
        if (!ended) {
            bash.destroyForcibly();
            processes().forEach(ProcessHandle::destroyForcibly);
        }
        String text = Files.readString(output, StandardCharsets.UTF_8);
        if (!ended) {
            throw new AssertionError("still running after " + LONGEST_SECONDS + " s:\n" + text);
        }
        take(text);
        for (String name : List.of("bin", "work")) {
            Files.deleteIfExists(directory.resolve(name).resolve("ipc"));
        }
    }

    private Map<String, String> environment() {
        return Map.of(
                "HOME", directory.resolve("home").toString(),
                "IPC_HOME", directory.resolve("runtime").toString(),
                "TMPDIR", directory.resolve("tmp").toString(),
                "PATH", directory.resolve("bin") + ":" + System.getenv("PATH"),
                "JAVA_HOME", System.getProperty("java.home"),
                "IPC_BUILD", "never",
                "XDG_CACHE_HOME", module.resolve("target/cache").toString());
    }

    /** Each command finds in {@code $?} how the one before it ended, and is followed by a line that says how it ended itself. */
    private String script(List<ShellBlock> blocks) {
        StringBuilder script = new StringBuilder("status=0\nbefore() { return $status; }\n");
        int number = 0;
        for (ShellBlock block : blocks) {
            for (ShellBlock.Step step : block.skipped().isEmpty() ? block.steps() : List.<ShellBlock.Step>of()) {
                script.append("before\n")
                        .append(step.command().replace(SHOWN_TEMPORARY, directory.resolve("tmp") + "/"))
                        .append("\nstatus=$?; printf '\\036%d %d\\n' ")
                        .append(number++)
                        .append(" $status\n");
            }
        }
        return script.toString();
    }

    private void take(String text) {
        Matcher end = STEP_END.matcher(text);
        int from = 0;
        while (end.find()) {
            String output = text.substring(from, end.start())
                    .replace(directory.resolve("tmp") + "/", SHOWN_TEMPORARY)
                    .replace(directory.resolve("runtime").toString(), SHOWN_HOME);
            outcomes.add(new Outcome(output, Integer.parseInt(end.group(2))));
            from = end.end();
        }
    }

    /** What came of the commands, in their order. */
    List<Outcome> outcomes() {
        return outcomes;
    }

    /** What is left: processes that work in the directory, and what is in the runtime directory. */
    List<String> leftovers() throws IOException {
        List<String> found = new ArrayList<>();
        processes().forEach(process -> found.add("process " + process.pid() + " " + process.info()));
        Path runtime = directory.resolve("runtime");
        if (Files.exists(runtime)) {
            try (Stream<Path> files = Files.walk(runtime)) {
                files.filter(file -> !Files.isDirectory(file)
                                && !file.endsWith(".lock")
                                && !file.endsWith("lock-holders")
                                && !file.endsWith("blocked-threads")) // the three that stay
                        .forEach(file -> found.add(file.toString()));
            }
        }
        return found;
    }

    /** Those that work in the directory, but for the one that makes the archive of classes for later commands. */
    private List<ProcessHandle> processes() {
        return ProcessHandle.allProcesses().filter(this::isOfSession).toList();
    }

    private boolean isOfSession(ProcessHandle process) {
        Path proc = Path.of("/proc", Long.toString(process.pid()));
        try {
            String line = Files.readString(proc.resolve("cmdline"), StandardCharsets.ISO_8859_1);
            return Files.readSymbolicLink(proc.resolve("cwd")).startsWith(directory)
                    && !line.contains("archive-classes");
        } catch (IOException e) {
            return false; // it has ended, or is somebody else's
        }
    }
}

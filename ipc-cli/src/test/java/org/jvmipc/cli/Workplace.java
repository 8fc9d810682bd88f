package org.jvmipc.cli;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jvmipc.cli.IpcProcess.Result;

/**
 * A place for shell scripts that use the command: a directory, objects of its own, and {@code ipc} on the path. Whatever a
 * script has left running ends with it.
 *
 * <pre>{@code
 * try (Workplace place = new Workplace()) {
 *     place.run("mkfifo f; ipc send fifo:$PWD/f hello & ipc recv fifo:$PWD/f; wait").expect(0);
 * }
 * }</pre>
 */
final class Workplace implements AutoCloseable {
    private static final long LONGEST_SECONDS = 180;
    private static final String HOME = "IPC_HOME";

    private final Path directory = Files.createTempDirectory("test-ipc-work");

    Workplace() throws IOException {}

    /** Where scripts run. */
    Path directory() {
        return directory;
    }

    /** Whether a program is on the path. */
    static boolean has(String program) {
        String path = System.getenv().getOrDefault("PATH", "");
        return Arrays.stream(path.split(File.pathSeparator, -1)).anyMatch(each -> new File(each, program).canExecute());
    }

    /** What {@code IPC_CLASS_PATH} has to be for a scheme of the tests, which is not there without it. */
    static String classPath(String scheme) {
        Path classes = Path.of("target/test-classes").toAbsolutePath();
        return classes + File.pathSeparator + classes.resolve("schemes").resolve(scheme);
    }

    /** Writes a file for the scripts. */
    void write(String name, byte[] content) throws IOException {
        Files.write(directory.resolve(name), content);
    }

    /** Runs a script of bash(1) to its end, with an empty standard input. */
    Result run(String script) throws IOException, InterruptedException {
        return run(Map.of(), script);
    }

    /** The same with environment variables. */
    Result run(Map<String, String> environment, String script) throws IOException, InterruptedException {
        Path out = Files.createTempFile(directory, ".test", ".out");
        Path err = Files.createTempFile(directory, ".test", ".err");
        ProcessBuilder builder = new ProcessBuilder("bash", "-c", script).directory(directory.toFile());
        Map<String, String> all = builder.environment();
        all.keySet().removeAll(List.of("NO_COLOR", "JAVA_TOOL_OPTIONS", "COLUMNS", "IPC_CLASS_PATH"));
        all.putAll(IpcProcess.environment(environment));
        all.put(HOME, home());
        all.put("PATH", IpcProcess.SCRIPT.getParent() + File.pathSeparator + all.getOrDefault("PATH", ""));
        Process process = builder.redirectInput(new File("/dev/null"))
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        boolean ended = process.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS);
        Result result = new Result(ended ? process.exitValue() : -1, text(out), text(err));
        if (!ended) {
            throw new AssertionError("still running after " + LONGEST_SECONDS + " s: " + result);
        }
        return result;
    }

    private String home() {
        return directory.resolve("home").toString();
    }

    private static String text(Path file) throws IOException {
        return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    }

    @Override
    public void close() throws IOException {
        ProcessHandle.allProcesses().filter(this::isOfThisPlace).forEach(ProcessHandle::destroyForcibly);
        try (Stream<Path> files = Files.walk(directory)) {
            files.sorted(Comparator.reverseOrder()).forEach(Workplace::delete);
        }
    }

    private boolean isOfThisPlace(ProcessHandle process) {
        try {
            String environment =
                    Files.readString(Path.of("/proc/" + process.pid() + "/environ"), StandardCharsets.ISO_8859_1);
            return environment.contains(HOME + "=" + home());
        } catch (IOException e) {
            return false; // it has ended, or is not this user's
        }
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

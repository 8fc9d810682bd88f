package org.jvmipc.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jvmipc.testkit.Jvms;

/** The command as a real process, run as the script {@code ipc} runs it. */
final class IpcProcess implements AutoCloseable {
    private static final long LONGEST_SECONDS = 60;

    private final Path out = Files.createTempFile("test-ipc", ".out");
    private final Path err = Files.createTempFile("test-ipc", ".err");
    private final Process process;

    /** What came of it. */
    record Result(int exit, String out, String err) {
        Result expect(int code) {
            assertEquals(code, exit, () -> "exit code; stdout: " + out + " stderr: " + err);
            return this;
        }
    }

    private IpcProcess(String prelude, String redirection, Map<String, String> environment, String... args)
            throws IOException {
        List<String> words = new ArrayList<>(List.of("/bin/sh", "-c", prelude + "exec \"$@\" " + redirection, "sh"));
        words.add(Jvms.java().toString());
        words.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto"));
        words.addAll(List.of("--enable-native-access=ALL-UNNAMED", "-cp", System.getProperty("java.class.path")));
        words.add(IpcMain.class.getName());
        words.addAll(List.of(args));
        ProcessBuilder builder = new ProcessBuilder(words);
        builder.environment().keySet().removeAll(List.of("NO_COLOR", "JAVA_TOOL_OPTIONS"));
        builder.environment().putAll(environment);
        builder.redirectOutput(out.toFile()).redirectError(err.toFile());
        process = builder.start();
        process.getOutputStream().close();
    }

    /** Starts it. */
    static IpcProcess start(String... args) throws IOException {
        return new IpcProcess("", "", Map.of(), args);
    }

    /** Starts it with environment variables. */
    static IpcProcess start(Map<String, String> environment, String... args) throws IOException {
        return new IpcProcess("", "", environment, args);
    }

    /** Runs it to its end. */
    static Result run(String... args) throws IOException, InterruptedException {
        return shell("", "", args);
    }

    /** Runs it in a shell that executes the prelude first and takes the redirection for it. */
    static Result shell(String prelude, String redirection, String... args) throws IOException, InterruptedException {
        return with(Map.of(), prelude, redirection, args);
    }

    /** The same with environment variables. */
    static Result with(Map<String, String> environment, String prelude, String redirection, String... args)
            throws IOException, InterruptedException {
        try (IpcProcess started = new IpcProcess(prelude, redirection, environment, args)) {
            return started.await();
        }
    }

    Result await() throws IOException, InterruptedException {
        if (!process.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS)) {
            throw new AssertionError("still running after " + LONGEST_SECONDS + " s: " + out());
        }
        return new Result(process.exitValue(), out(), Files.readString(err, StandardCharsets.UTF_8));
    }

    private String out() throws IOException {
        return Files.readString(out, StandardCharsets.UTF_8);
    }

    Process process() {
        return process;
    }

    @Override
    public void close() throws IOException {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        Files.deleteIfExists(out);
        Files.deleteIfExists(err);
    }
}

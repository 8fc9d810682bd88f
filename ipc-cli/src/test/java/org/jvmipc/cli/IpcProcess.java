package org.jvmipc.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jvmipc.testkit.Jvms;

/**
 * The command as a real process: the script {@code ipc} at the top of the checkout, which runs what this build has packaged.
 * The classes of the tests are behind it on the class path, so that schemes of theirs are there.
 */
final class IpcProcess implements AutoCloseable {
    private static final long LONGEST_SECONDS = 180;

    /** The module's folder: where tests are run. */
    private static final Path MODULE = Path.of("").toAbsolutePath();

    static final Path SCRIPT = MODULE.resolveSibling("ipc");
    private static final Path PACKAGED = MODULE.resolve("target/lib.class-path");

    /** One for all tests of a build: the first command of it fills it. */
    private static final Path CACHE = MODULE.resolve("target/cache");

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

    private IpcProcess(
            List<String> command, String prelude, String redirection, Map<String, String> environment, String... args)
            throws IOException {
        List<String> words = new ArrayList<>(List.of("/bin/sh", "-c", prelude + "exec \"$@\" " + redirection, "sh"));
        words.addAll(command);
        words.addAll(List.of(args));
        ProcessBuilder builder = new ProcessBuilder(words);
        builder.environment().keySet().removeAll(List.of("NO_COLOR", "JAVA_TOOL_OPTIONS", "COLUMNS"));
        builder.environment().putAll(environment(environment));
        builder.redirectOutput(out.toFile()).redirectError(err.toFile());
        process = builder.start();
        process.getOutputStream().close();
    }

    /** What the script needs to run what was built, on the JDK of the tests, with a cache of the tests. */
    static Map<String, String> environment(Map<String, String> more) {
        Map<String, String> environment = new HashMap<>();
        environment.put("JAVA_HOME", System.getProperty("java.home"));
        environment.put("IPC_BUILD", "never");
        environment.put("XDG_CACHE_HOME", CACHE.toString());
        environment.putAll(more);
        return environment;
    }

    private static List<String> script() {
        if (!Files.exists(PACKAGED)) {
            throw new IllegalStateException(
                    "the command is not packaged: run these tests with 'mvn verify', or 'mvn package' before them");
        }
        return List.of(SCRIPT.toString());
    }

    /** The JVM of the command without the script. */
    private static List<String> jvm() {
        return List.of(
                Jvms.java().toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xshare:auto",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                IpcMain.class.getName());
    }

    /** Starts it. */
    static IpcProcess start(String... args) throws IOException {
        return new IpcProcess(script(), "", "", Map.of(), args);
    }

    /** Starts it with environment variables. */
    static IpcProcess start(Map<String, String> environment, String... args) throws IOException {
        return new IpcProcess(script(), "", "", environment, args);
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
        try (IpcProcess started = new IpcProcess(script(), prelude, redirection, environment, args)) {
            return started.await();
        }
    }

    /** Runs the JVM alone to its end, in a shell that executes the prelude first. */
    static Result withoutScript(String prelude, String... args) throws IOException, InterruptedException {
        try (IpcProcess started = new IpcProcess(jvm(), prelude, "", Map.of(), args)) {
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

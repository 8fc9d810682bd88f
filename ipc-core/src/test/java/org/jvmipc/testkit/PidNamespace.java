package org.jvmipc.testkit;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A JVM in a pid namespace of its own, where it is number 1, as in a container; by {@code unshare(1)}. */
public final class PidNamespace implements AutoCloseable {
    private final Process unshare;

    private PidNamespace(Process unshare) {
        this.unshare = unshare;
    }

    /** Whether this process may make one. */
    public static boolean isPermitted() throws InterruptedException {
        try {
            return new ProcessBuilder(command(true, "true"))
                            .redirectErrorStream(true)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false;
        }
    }

    private static List<String> command(boolean ownProc, String... program) {
        List<String> command = new ArrayList<>(List.of("unshare", "--pid", "--fork"));
        if (ownProc) {
            command.add("--mount-proc");
        }
        command.addAll(Arrays.asList(program));
        return command;
    }

    /**
     * Starts a main class on this JVM's class path.
     *
     * @param ownProc whether its {@code /proc} shows its own namespace, or that of this process
     */
    public static PidNamespace start(boolean ownProc, Class<?> main, String... arguments) throws IOException {
        List<String> command = command(ownProc, Jvms.java().toString());
        command.addAll(Jvms.FAST_START);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        command.addAll(Arrays.asList(arguments));
        return new PidNamespace(
                new ProcessBuilder(command).redirectErrorStream(true).start());
    }

    /** Fails if it has ended. */
    public void assertAlive() {
        assertTrue(unshare.isAlive(), () -> this + ": " + output());
    }

    private String output() {
        try {
            return new String(unshare.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            return e.toString();
        }
    }

    /** {@code kill -9} from outside, by the number that it has here. */
    public void kill() throws Exception {
        Await.until(
                "the namespace has a first process",
                () -> unshare.descendants().findAny().isPresent());
        unshare.descendants().forEach(ProcessHandle::destroyForcibly);
    }

    /** Ends it, if it has not ended yet. */
    @Override
    public void close() {
        unshare.descendants().forEach(ProcessHandle::destroyForcibly);
        boolean ended = false;
        try {
            ended = unshare.waitFor(Await.LONG.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (!ended) {
            unshare.destroyForcibly();
            throw new AssertionError("unshare does not end");
        }
    }

    @Override
    public String toString() {
        return "unshare " + unshare.pid() + (unshare.isAlive() ? "" : ", ended with " + unshare.exitValue());
    }
}

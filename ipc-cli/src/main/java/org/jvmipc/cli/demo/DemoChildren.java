package org.jvmipc.cli.demo;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.jvmipc.process.ChildJvm;
import org.jvmipc.process.ExitStatus;

/**
 * The children of one run, and what to say of them when something went wrong.
 *
 * <p><b>Thread safety.</b> Any thread may call any method.
 */
final class DemoChildren {
    private static final Duration TO_DIE = Duration.ofSeconds(5);
    private static final long TO_BE_SEEN_DEAD_MILLIS = 1_000;

    /** The exit codes of a JVM ended by SIGHUP, SIGINT, SIGTERM. */
    private static final Set<Integer> TERMINAL_SIGNALS = Set.of(129, 130, 143);

    private final Map<ChildJvm, String> roles = Collections.synchronizedMap(new LinkedHashMap<>());

    void add(ChildJvm child, String role) {
        roles.put(child, role);
    }

    String role(ChildJvm child) {
        return roles.getOrDefault(child, "child");
    }

    private List<ChildJvm> all() {
        synchronized (roles) {
            return List.copyOf(roles.keySet());
        }
    }

    /** Ends what still lives: first all are killed, then their ends are waited for. */
    void kill() {
        for (ChildJvm child : all()) {
            try {
                child.kill();
            } catch (IOException e) {
                // it ends by itself once this process is gone
            }
        }
        try {
            for (ChildJvm child : all()) {
                child.tryAwaitExit(TO_DIE);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    void close() throws IOException {
        for (ChildJvm child : all()) {
            child.close();
        }
    }

    /** Those that a signal or a debugger has stopped. */
    List<ChildJvm> stopped() {
        return all().stream().filter(DemoChildren::isStopped).toList();
    }

    private static boolean isStopped(ChildJvm child) {
        try {
            Path file = Path.of("/proc", Long.toString(child.pid()), "stat");
            String stat = Files.readString(file, StandardCharsets.ISO_8859_1);
            int state = stat.lastIndexOf(')') + 2; // behind the name, which may hold anything
            return state < stat.length() && (stat.charAt(state) == 'T' || stat.charAt(state) == 't');
        } catch (IOException e) {
            return false; // it has ended
        }
    }

    /** What each of them said last, where it said anything. */
    String lastWords() {
        StringBuilder text = new StringBuilder();
        all().forEach(child -> text.append(lastWords(child)));
        return text.toString();
    }

    private static String lastWords(ChildJvm child) {
        List<String> lines = child.lastErrorLines();
        return lines.isEmpty() ? "" : "; its last words: " + String.join(" | ", lines);
    }

    // ---- somebody is gone

    /**
     * Who has ended, and how: those that were killed, since the others may have ended because of them; or those that
     * have ended; or, if nobody has, all.
     */
    String obituaries() {
        awaitFirstEnd();
        List<ChildJvm> ended =
                all().stream().filter(child -> status(child) != null).toList();
        List<ChildJvm> killed = ended.stream().filter(DemoChildren::isKilled).toList();
        List<ChildJvm> named = !killed.isEmpty() ? killed : !ended.isEmpty() ? ended : all();
        StringBuilder text = new StringBuilder();
        for (ChildJvm child : named) {
            ExitStatus status = status(child);
            text.append(": the ").append(role(child)).append(' ').append(child.pid());
            text.append(status == null ? " lives, but has closed its end" : " ended: " + status);
            text.append(lastWords(child));
        }
        return text.toString();
    }

    /** Whether one was ended as a terminal's Ctrl-C ends it, which goes to the parent too. */
    boolean someEndedByTerminal() {
        return all().stream()
                .map(DemoChildren::status)
                .anyMatch(status -> status != null && TERMINAL_SIGNALS.contains(status.code()));
    }

    private void awaitFirstEnd() {
        CompletableFuture<?>[] ends = all().stream().map(ChildJvm::onExit).toArray(CompletableFuture<?>[]::new);
        try {
            CompletableFuture.anyOf(ends).get(TO_BE_SEEN_DEAD_MILLIS, TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException e) {
            // then nobody has ended
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static boolean isKilled(ChildJvm child) {
        ExitStatus status = status(child);
        return status != null && status.signal() != 0;
    }

    private static @Nullable ExitStatus status(ChildJvm child) {
        return child.onExit().getNow(null);
    }
}

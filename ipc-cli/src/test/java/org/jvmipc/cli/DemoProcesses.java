package org.jvmipc.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.jvmipc.cli.IpcProcess.Result;
import org.jvmipc.testkit.Await;

/** What tests of demos do with the command and its children. */
final class DemoProcesses {
    private static final long TRAFFIC_BYTES = 20_000_000;

    private DemoProcesses() {}

    /** The report of a demo whose law held, and nothing else. */
    static JsonObject passed(Result result) {
        assertEquals("", result.err());
        assertEquals(1, result.out().lines().count(), result.out());
        return passed(result.out());
    }

    /** The reports of several, by their names. */
    static Map<String, JsonObject> allPassed(Result result) throws IOException {
        assertEquals("", result.err());
        Map<String, JsonObject> reports = new LinkedHashMap<>();
        for (String line : result.out().lines().toList()) {
            assertEquals("ipc.demo/1", JsonSchema.check(line));
            JsonObject report = passed(line);
            reports.put(report.get("mechanism").getAsString(), report);
        }
        return reports;
    }

    private static JsonObject passed(String line) {
        JsonObject report = JsonParser.parseString(line).getAsJsonObject();
        assertEquals("ipc.demo/1", report.get("schema").getAsString());
        assertEquals("PASS", report.get("verdict").getAsString(), line);
        List<String> all = List.of("lost", "duplicated", "reordered", "corrupt", "leftovers");
        boolean raw = report.get("mechanism").getAsString().equals("udp"); // which loses, and says so
        for (String bad : raw ? List.of("corrupt", "leftovers") : all) {
            assertEquals(0, report.get(bad).getAsLong(), bad);
        }
        return report;
    }

    /** What demos have left in a runtime directory, but for the registry's own files. */
    static List<String> left(Path home) throws IOException {
        List<String> names = new ArrayList<>();
        for (Path each : List.of(home, home.resolve("registry"))) {
            try (DirectoryStream<Path> files = Files.newDirectoryStream(each, "*ipc-demo*")) {
                files.forEach(file -> names.add(file.getFileName().toString()));
            }
        }
        return names;
    }

    /** The children that are JVMs, once there are so many; there are others, which come and go. */
    static List<ProcessHandle> awaitChildren(IpcProcess ipc, int count) throws Exception {
        List<ProcessHandle> children = new ArrayList<>();
        Await.until("the children", () -> {
            children.clear();
            ipc.process()
                    .children()
                    .filter(child -> child.info().command().orElse("").endsWith("/java"))
                    .forEach(children::add);
            return children.size() == count;
        });
        return children;
    }

    /** Interrupts the command as a terminal's Ctrl-C does: it says nothing, and none of the children lives. */
    static void interrupt(IpcProcess ipc, List<ProcessHandle> children) throws Exception {
        signal("INT", ipc.process().pid());
        Result result = ipc.await().expect(130);
        assertEquals("", result.out() + result.err());
        children.forEach(child -> assertFalse(child.isAlive(), "a child lives"));
    }

    /** Kills the command: the children end by themselves. */
    static void kill(IpcProcess ipc, List<ProcessHandle> children) throws Exception {
        ipc.process().destroyForcibly();
        assertTrue(
                Await.within(
                        Duration.ofSeconds(3), // the promise is one second, which a busy machine may stretch
                        () -> children.stream().allMatch(DemoProcesses::hasEnded)),
                "a child lives");
    }

    static void signal(String name, long pid) throws Exception {
        Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(pid)).start();
        assertEquals(0, kill.waitFor());
    }

    /** Whether it runs no more, even if nobody has taken note of its end: an orphan's end is for init to take. */
    static boolean hasEnded(ProcessHandle process) {
        try {
            String stat = Files.readString(Path.of("/proc", Long.toString(process.pid()), "stat"));
            return stat.charAt(stat.lastIndexOf(')') + 2) == 'Z';
        } catch (IOException e) {
            return true;
        }
    }

    /** The child, once it has read so much that it must be the parent's messages. */
    static ProcessHandle withTraffic(IpcProcess ipc) throws Exception {
        AtomicReference<ProcessHandle> found = new AtomicReference<>();
        Await.until("a child with traffic", () -> {
            // Others come and go: the native layer asks ldconfig where libraries are.
            ipc.process()
                    .children()
                    .filter(child -> bytesRead(child) > TRAFFIC_BYTES)
                    .forEach(found::set);
            return found.get() != null;
        });
        return found.get();
    }

    private static long bytesRead(ProcessHandle process) {
        try {
            Path io = Path.of("/proc", Long.toString(process.pid()), "io");
            return Long.parseLong(Files.readAllLines(io).get(0).substring("rchar: ".length()));
        } catch (IOException e) {
            return 0; // it has ended
        }
    }
}

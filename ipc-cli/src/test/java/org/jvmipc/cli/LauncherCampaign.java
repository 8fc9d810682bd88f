package org.jvmipc.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.jvmipc.cli.IpcProcess.Result;
import org.jvmipc.testkit.Await;
import org.jvmipc.testkit.Jvms;

/** What the script {@code ipc} does to start faster: with a cache that is full, empty, damaged, planted, or not there. */
@Timeout(300)
class LauncherCampaign {
    private static final String SHARED = "shared objects file";

    @TempDir
    private static Path common;

    @TempDir
    private Path directory;

    private MakerProcesses cache() {
        return new MakerProcesses(directory);
    }

    @AfterEach
    void nobodyWorksHere() throws Exception {
        cache().awaitRest();
    }

    private static Map<String, String> in(Path cacheHome) {
        return Map.of("XDG_CACHE_HOME", cacheHome.toString());
    }

    /** Runs it with this cache: it must do its work, and say nothing else. */
    private static void works(Map<String, String> environment, String prelude) throws Exception {
        Result result = IpcProcess.with(environment, prelude, "", "-V").expect(0);
        assertEquals("", result.err());
        assertTrue(result.out().matches("ipc \\S+ \\(Java .*\\)\n"), result.out());
    }

    /** A cache that a first command has filled, made once. */
    private static MakerProcesses filled() throws Exception {
        Path home = common.resolve("filled");
        if (!Files.exists(home)) {
            Files.createDirectory(home);
            works(in(home), "");
        }
        MakerProcesses cache = new MakerProcesses(home);
        cache.awaitRest();
        return cache;
    }

    /** The lines of {@code -Xlog:class+load} of all JVMs that this command line starts, by JVM. */
    private List<List<String>> loaded(MakerProcesses cache, String... line) throws Exception {
        Map<String, String> environment = new HashMap<>(in(cache.cacheHome()));
        Path logs = Files.createDirectory(directory.resolve("logs"));
        environment.put("JAVA_TOOL_OPTIONS", "-Xlog:class+load:file=" + logs.resolve("%p"));
        IpcProcess.with(environment, "", "", line);
        List<List<String>> all = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(logs)) {
            for (Path file : files) {
                all.add(Files.readAllLines(file));
            }
        }
        return all;
    }

    private static boolean has(List<String> lines, String name, String source) {
        return lines.stream().anyMatch(line -> line.contains(" " + name) && line.contains(source));
    }

    @Test
    void theFirstCommandMakesAnArchiveThatTheNextOneUses() throws Exception {
        MakerProcesses cache = filled();
        assertEquals(1, cache.libraries().size());
        assertEquals(List.of(), cache.unfinished());
        List<List<String>> logs = loaded(cache, "demo", "list");
        assertEquals(1, logs.size());
        for (String name : List.of("org.jvmipc.cli.IpcMain", "org.jvmipc.cli.DemoCommand", "picocli.CommandLine")) {
            assertTrue(has(logs.get(0), name + " ", SHARED), name);
        }
        assertFalse(has(logs.get(0), "picocli.", ".jar"), "picocli from its jar");
    }

    @Test
    void aClassPathOfOthersLeavesTheArchiveValid() throws Exception {
        Map<String, String> environment = new HashMap<>(in(filled().cacheHome()));
        Path log = directory.resolve("log");
        environment.put("JAVA_TOOL_OPTIONS", "-Xlog:class+load:file=" + log);
        environment.put("IPC_CLASS_PATH", System.getProperty("java.class.path"));
        IpcProcess.with(environment, "", "", "-V").expect(0);
        assertTrue(has(Files.readAllLines(log), "org.jvmipc.cli.IpcMain ", SHARED));
    }

    @ParameterizedTest
    @CsvSource({"-h", "-V", "demo -h", "no-such-verb", "demo --no-such-option"})
    void helpAndUsageErrorsNeedNoNativeLibrary(String line) throws Exception {
        List<List<String>> logs = loaded(filled(), line.split(" "));
        assertEquals(1, logs.size());
        assertFalse(has(logs.get(0), "com.sun.jna.", ""), line);
    }

    @Test
    void childrenStartFromTheArchiveAndWithoutTheParser() throws Exception {
        List<List<String>> logs = loaded(filled(), "demo", "pipe", "-n", "10");
        assertEquals(2, logs.size());
        List<String> child = logs.get(0);
        if (has(child, "org.jvmipc.cli.IpcMain ", "")) {
            child = logs.get(1);
        }
        assertTrue(has(child, "org.jvmipc.cli.demo.pipe.PipeChild ", SHARED));
        assertTrue(has(child, "com.sun.jna.Native ", SHARED));
        assertFalse(has(child, "picocli.", ""));
        assertFalse(has(child, "com.google.gson.", ""));
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "100, 0", "500000, 0", "-300000, 0", "0, 500000"})
    void aDamagedArchiveIsIgnored(int kept, int garbage) throws Exception {
        for (Path home : Jvms.homes()) {
            Path archive = copyOfArchive(home);
            byte[] whole = Files.readAllBytes(archive);
            byte[] damaged = new byte[(kept < 0 ? whole.length + kept : kept) + garbage];
            System.arraycopy(whole, 0, damaged, 0, damaged.length - garbage);
            Files.delete(archive); // its mode does not let it be written to
            Files.write(archive, damaged);
            works(with(home, directory), "");
        }
    }

    private static Map<String, String> with(Path javaHome, Path cacheHome) {
        return Map.of("XDG_CACHE_HOME", cacheHome.toString(), "JAVA_HOME", javaHome.toString());
    }

    /** The archive for this JDK, in the test's own cache, with all that belongs to it. */
    private Path copyOfArchive(Path javaHome) throws Exception {
        MakerProcesses filled = filled();
        String name = javaHome.toString().replace('/', '%') + ".jsa";
        Path found = archive(filled, name);
        if (found == null) {
            works(with(javaHome, filled.cacheHome()), "");
            filled.awaitRest();
            found = archive(filled, name);
        }
        Path checkout = directory.resolve(filled.cacheHome().relativize(found.getParent()));
        Files.createDirectories(checkout);
        for (Path library : filled.libraries()) {
            Path copy = Files.createDirectories(checkout.resolve(library.getFileName()));
            Path file = copy.resolve("libjnidispatch.so");
            if (!Files.exists(file)) {
                Files.copy(library.resolve("libjnidispatch.so"), file);
            }
        }
        return Files.copy(found, checkout.resolve(found.getFileName()));
    }

    private static Path archive(MakerProcesses cache, String end) throws IOException {
        return cache.archives().stream()
                .filter(file -> file.toString().endsWith(end))
                .findFirst()
                .orElse(null);
    }

    @Test
    void jdksHaveAnArchiveEach() throws Exception {
        List<Path> homes = Jvms.homes();
        assumeTrue(homes.size() > 1, "there is one JDK only");
        for (Path home : homes) {
            copyOfArchive(home);
        }
        MakerProcesses cache = filled();
        assertEquals(homes.size(), cache.archives().size());
        for (Path home : homes) {
            Path log = directory.resolve("log");
            Map<String, String> environment = new HashMap<>(with(home, cache.cacheHome()));
            environment.put("JAVA_TOOL_OPTIONS", "-Xlog:class+load:file=" + log);
            IpcProcess.with(environment, "", "", "-V").expect(0);
            assertTrue(has(Files.readAllLines(log), "org.jvmipc.cli.IpcMain ", SHARED), home::toString);
            Files.delete(log);
        }
    }

    @Test
    void aCacheThatCannotBeIsDoneWithout() throws Exception {
        Path file = Files.createFile(directory.resolve("file"));
        works(in(file), "");
        Path unwritable = Files.createDirectory(directory.resolve("unwritable"));
        works(in(unwritable), "chmod 0500 " + unwritable + "; ");
        works(in(Path.of("/proc")), "");
        works(in(Path.of("relative")), "");
        works(in(Path.of("/no/such/place")), "");
        works(Map.of(), "unset HOME XDG_CACHE_HOME; ");
        works(Map.of("HOME", "/dev/null"), "unset XDG_CACHE_HOME; ");
        works(in(Files.createDirectory(directory.resolve("a:b, c"))), "");
    }

    @Test
    void aLinkInItsPlaceIsRefused() throws Exception {
        Path target = Files.createDirectory(directory.resolve("target"));
        Path home = Files.createDirectory(directory.resolve("home"));
        Files.createSymbolicLink(home.resolve("jvm-ipc"), target);
        works(in(home), "");
        cache().awaitRest();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(target)) {
            assertFalse(files.iterator().hasNext(), "something was made behind the link");
        }
    }

    @Test
    void anArchiveOfSomebodyElseIsRefused() throws Exception {
        Path archive = copyOfArchive(Jvms.homes().get(0));
        assumeTrue(chown(archive), "only root can give a file away");
        MakerProcesses cache = cache();
        List<List<String>> logs = loaded(cache, "-V");
        assertFalse(has(logs.get(0), "org.jvmipc.cli.IpcMain ", SHARED));
        cache.awaitRest();
        Path folder = archive.getParent().getParent();
        assertTrue(chown(folder));
        works(in(directory), "");
        assertEquals(List.of(), cache.alive());
    }

    private static boolean chown(Path file) throws Exception {
        return new ProcessBuilder("chown", "65534", file.toString())
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start()
                        .waitFor()
                == 0;
    }

    @Test
    void tenFirstCommandsMakeOneArchive() throws Exception {
        List<IpcProcess> commands = new ArrayList<>();
        try {
            for (int i = 0; i < 10; i++) {
                commands.add(IpcProcess.start(in(directory), "-V"));
            }
            for (IpcProcess command : commands) {
                assertEquals("", command.await().expect(0).err());
            }
        } finally {
            for (IpcProcess command : commands) {
                command.close();
            }
        }
        cache().awaitRest();
        assertEquals(1, cache().archives().size());
        assertEquals(List.of(), cache().unfinished());
    }

    @Test
    void whoReadsTheOutputDoesNotWaitForTheArchive() throws Exception {
        Result result = IpcProcess.with(in(directory), "", "3>&1 4>&2 | cat", "-V");
        assertEquals(List.of(), cache().archives(), "the reader has waited");
        assertEquals("", result.expect(0).err());
        cache().awaitRest();
        assertEquals(1, cache().archives().size());
    }

    @Test
    void aKilledMakerIsNoHindrance() throws Exception {
        works(in(directory), "");
        Await.until("an archive in the making", () -> !cache().unfinished().isEmpty());
        cache().alive().forEach(ProcessHandle::destroyForcibly);
        cache().awaitRest();
        assertEquals(List.of(), cache().archives());
        assertEquals(1, cache().unfinished().size());
        works(in(directory), "");
        cache().awaitRest();
        assertEquals(1, cache().archives().size());
        assertEquals(List.of(), cache().unfinished());
    }

    @Test
    void aBuildLeavesTheTimeItWasStarted() throws Exception {
        Instant started =
                Instant.parse(Files.readString(Path.of("target/build.time")).strip());
        Instant packaged =
                Files.getLastModifiedTime(Path.of("target/build.time")).toInstant();
        assertFalse(started.isAfter(packaged));
    }
}

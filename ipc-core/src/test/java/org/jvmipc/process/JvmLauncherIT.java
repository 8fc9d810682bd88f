package org.jvmipc.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.jvmipc.Address;

@Timeout(60)
class JvmLauncherIT {
    private static final String[] ODD = {
        "", " two words ", "\"quoted\"", "'single'", "back\\slash\\", "$HOME `id` *", "@file", "-Dx=y", "#hash", "%s"
    };

    @TempDir
    Path temporary;

    private static List<String> outputOf(JvmLauncher launcher) throws Exception {
        try (ChildJvm child = launcher.start()) {
            child.awaitReady();
            assertTrue(child.awaitExit().isSuccess());
            return child.lastOutputLines();
        }
    }

    private static List<String> ascii(String... arguments) {
        return Arrays.stream(arguments).map(Children.Arguments::ascii).toList();
    }

    @Test
    void argumentsArriveAsGiven() throws Exception {
        assertEquals(
                ascii(ODD), outputOf(Children.launcher(Children.Arguments.class).arguments(ODD)));
    }

    @Test
    void argumentsOfAnyAlphabetArriveInAnyLocale() throws Exception {
        String[] arguments = {"", "\u00e4\u20ac\ud83d\ude00", "line\nbreak\r\n\\n", "tab\t", "@x"};
        JvmLauncher launcher = Children.launcher(Children.Arguments.class)
                .arguments(arguments)
                .environment("LC_ALL", "C")
                .environment("LANG", "C");
        assertEquals(ascii(arguments), outputOf(launcher));
    }

    @Test
    void longArgumentsArrive() throws Exception {
        String[] arguments = {"a".repeat(3000), "b".repeat(200_000)};
        assertEquals(
                List.of(3002, 4096),
                outputOf(Children.launcher(Children.Arguments.class).arguments(arguments)).stream()
                        .map(String::length)
                        .toList());
    }

    @Test
    void aLongClassPathGoesThroughAnArgumentFileThatIsDeleted() throws Exception {
        List<Path> entries = new ArrayList<>();
        for (int i = 0; i < 3000; i++) {
            entries.add(temporary.resolve("odd \"dir\" \\ 'x' # " + i));
        }
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            entries.add(Path.of(entry));
        }
        Path tmp = Path.of(System.getProperty("java.io.tmpdir"));
        List<Path> before = argumentFiles(tmp);
        JvmLauncher launcher = Children.launcher(Children.Arguments.class)
                .classPath(entries)
                .jvmArguments("-Dipc.test=a \"b\" \\c")
                .arguments(ODD);
        assertEquals(ascii(ODD), outputOf(launcher));
        assertEquals(before, argumentFiles(tmp));
    }

    private static List<Path> argumentFiles(Path directory) throws IOException {
        List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> found = Files.newDirectoryStream(directory, "ipc-*.args")) {
            found.forEach(files::add);
        }
        return files;
    }

    @Test
    void surroundingsAreAsAsked() throws Exception {
        Path directory = Files.createDirectory(temporary.resolve("a directory")).toRealPath();
        List<String> lines = outputOf(Children.launcher(Children.Surroundings.class)
                .directory(directory)
                .environment("IPC_TEST_SET", "value = 1")
                .withoutEnvironment("HOME")
                .jvmArguments("-Dipc.test=on")
                .handOver("orders", Address.of("fifo:/tmp/a b"))
                .handOver("x", Address.of("tcp://localhost:1")));
        assertEquals(
                List.of(
                        "dir=" + directory,
                        "set=value = 1",
                        "unset=null",
                        "option=on",
                        "property=null",
                        "stdin=-1",
                        "parent=" + ProcessIdentity.self(),
                        "names=[orders, x]",
                        "jna=false",
                        "orders=" + Address.of("fifo:/tmp/a b"),
                        "x=tcp://localhost:1"),
                lines);
    }

    @Test
    void streamsGoToFiles() throws Exception {
        Path out = temporary.resolve("out");
        Path errors = temporary.resolve("errors");
        Path in = Files.writeString(temporary.resolve("in"), "A");
        Files.writeString(errors, "before\n");
        try (ChildJvm child = Children.launcher(Children.Surroundings.class)
                .stdin(Stdio.file(in))
                .stdout(Stdio.file(out))
                .start()) {
            assertTrue(child.awaitExit().isSuccess());
            assertEquals(List.of(), child.lastOutputLines());
        }
        assertTrue(Files.readAllLines(out).contains("stdin=65"));
        try (ChildJvm child = Children.launcher(Children.Exits.class)
                .arguments("4")
                .stderr(Stdio.append(errors))
                .start()) {
            ChildFailedException error = assertThrows(ChildFailedException.class, child::awaitReady);
            assertEquals(List.of(), error.lastErrorLines());
        }
        assertEquals(List.of("before", "first line", "cannot find the frobnicator"), Files.readAllLines(errors));
    }

    @Test
    void saysWhatIsMissing() {
        JvmLauncher noJava = Children.launcher(Children.Ready.class).javaHome(temporary);
        assertTrue(assertThrows(IOException.class, noJava::start).getMessage().contains("no java command at "));
        JvmLauncher noDirectory = Children.launcher(Children.Ready.class).directory(temporary.resolve("missing"));
        assertTrue(assertThrows(IOException.class, noDirectory::start)
                .getMessage()
                .contains("working directory is no directory: " + temporary.resolve("missing")));
    }

    @Test
    void aClassPathWithoutTheToolkitIsToldByTheJvm() throws Exception {
        try (ChildJvm child =
                Children.launcher(Children.Ready.class).classPath("nowhere").start()) {
            ChildFailedException error = assertThrows(ChildFailedException.class, child::awaitReady);
            assertTrue(error.getMessage().contains("ChildStart"), error.getMessage());
        }
    }

    @Test
    void copiesAreClosedWhenTheChildIsReady() throws Exception {
        AtomicInteger closed = new AtomicInteger();
        JvmLauncher launcher = Children.launcher(Children.Ready.class)
                .handOver("data", Address.of("pipe:1"), closed::incrementAndGet)
                .handOver("kept", Address.of("fifo:/x"));
        try (ChildJvm child = launcher.start()) {
            child.awaitReady();
            assertEquals(1, closed.get());
        }
        launcher.handOver("data", Address.of("pipe:2"), closed::incrementAndGet);
        assertThrows(IllegalArgumentException.class, () -> launcher.handOver("kept", Address.of("fifo:/y")));
        try (ChildJvm child = launcher.start()) {
            child.kill();
            child.awaitExit();
            assertEquals(2, closed.get());
        }
    }

    @Test
    void copiesAreClosedWhenTheStartFails() {
        AtomicInteger closed = new AtomicInteger();
        JvmLauncher launcher = Children.launcher(Children.Ready.class)
                .javaHome(temporary)
                .handOver("data", Address.of("pipe:1"), closed::incrementAndGet)
                .connectStdout(Path.of("/dev/null"), Address.of("pipe:stdout"), closed::incrementAndGet);
        assertThrows(IOException.class, launcher::start);
        assertEquals(2, closed.get());
    }

    @Test
    void inheritsTheOptionsOfThisJvm() throws Exception {
        assertEquals(
                List.of("not asked: option=null", "asked: option=the parent's", "own: option=last"),
                outputOf(Children.launcher(Children.Inherits.class).jvmArguments("-Dipc.test=the parent's")));
    }

    @Test
    void aChildClosedWhileItStartsIsGone() throws Exception {
        ChildJvm child = Children.launcher(Children.Ready.class).start();
        child.close();
        assertFalse(child.identity().isAlive());
    }
}

package org.jvmipc.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.jvmipc.Address;

class CommandLineTest {
    @Test
    void classPathEntriesBecomeAbsolute() {
        String here = Path.of("").toAbsolutePath().toString();
        assertEquals(here + "/a:/b:" + here, CommandLine.absoluteClassPath("a:/b:"));
    }

    @Test
    void quotesByTheRulesOfArgumentFiles() {
        assertEquals("\"a b\\\\c\\\"d'#\\n\"", CommandLine.quote("a b\\c\"d'#\n"));
    }

    @Test
    void linesOfTheChannelHoldNoLineEnds() {
        for (String value : new String[] {"", "\\", "\\n", "a\nb\r\n\\\\n", "end\\"}) {
            String escaped = ControlLines.escape(value);
            assertEquals(-1, escaped.indexOf('\n') + escaped.indexOf('\r') + 1);
            assertEquals(value, ControlLines.unescape(escaped));
        }
    }

    @Test
    void inheritsNoAgentsAndPorts() {
        assertEquals(
                List.of("-Xmx64m", "--add-opens=java.base/java.nio=ALL-UNNAMED"),
                InheritedArguments.filter(List.of(
                        "-javaagent:x.jar",
                        "-Xmx64m",
                        "-agentlib:jdwp=transport=dt_socket",
                        "-agentpath:/x",
                        "-Xrunjdwp:x",
                        "-Xdebug",
                        "-Dcom.sun.management.jmxremote.port=99",
                        "-Dorg.jvmipc.parent=1:2:3:4:5:",
                        "--add-opens=java.base/java.nio=ALL-UNNAMED")));
    }

    @Test
    void refusesWhatCannotBe() {
        JvmLauncher launcher = JvmLauncher.of("Main");
        List.<Runnable>of(
                        () -> JvmLauncher.of(""),
                        () -> JvmLauncher.of("-jar"),
                        () -> JvmLauncher.of("@file"),
                        () -> JvmLauncher.of("a b"),
                        () -> launcher.arguments("zero\0"),
                        () -> launcher.jvmArguments(""),
                        () -> launcher.jvmArguments("-jar"),
                        () -> launcher.environment("A=B", "c"),
                        () -> launcher.stdin(Stdio.capture()),
                        () -> launcher.stdin(Stdio.append(Path.of("x"))),
                        () -> launcher.handOver("", Address.of("fifo:/x")),
                        () -> launcher.handOver("a b", Address.of("fifo:/x")),
                        () -> launcher.handOver("x".repeat(65), Address.of("fifo:/x")))
                .forEach(each -> assertThrows(IllegalArgumentException.class, each::run));
    }

    @Test
    void refusesImpossibleEnvironmentsAtOnceByName() {
        JvmLauncher launcher = JvmLauncher.of("Main");
        for (Runnable each : List.<Runnable>of(
                () -> launcher.environment("NAME=x", "y"),
                () -> launcher.environment("NAME\0", "y"),
                () -> launcher.environment("NAME", "y\0z"),
                () -> launcher.environment("NAME", null),
                () -> launcher.withoutEnvironment("NAME=x"),
                () -> launcher.withoutEnvironment("NAME\0"))) {
            String message =
                    assertThrows(IllegalArgumentException.class, each::run).getMessage();
            assertTrue(message.contains("'NAME"), message);
            assertEquals(-1, message.indexOf('\0'), message);
        }
        assertTrue(launcher.environment.isEmpty());
        launcher.environment("NAME", "").withoutEnvironment("OTHER");
    }

    @Test
    void aJvmWithoutParentSaysSo() {
        assertEquals(false, ParentJvm.isPresent());
        assertThrows(IllegalStateException.class, ParentJvm::get);
    }
}

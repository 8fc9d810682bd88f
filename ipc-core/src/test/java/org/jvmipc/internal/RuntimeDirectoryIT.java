package org.jvmipc.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.jvmipc.testkit.Jvms;

@Timeout(60)
class RuntimeDirectoryIT {
    @TempDir
    Path temporary;

    /** Makes the directory. */
    static final class Maker {
        public static void main(String[] args) throws Exception {
            System.out.println(RuntimeDirectory.make());
        }
    }

    @Test
    void isPrivateWhateverTheUmask() throws Exception {
        Path home = temporary.resolve("home");
        ProcessBuilder builder = new ProcessBuilder(
                "sh",
                "-c",
                "umask 0277; exec \"$@\"",
                "sh",
                Jvms.java().toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Maker.class.getName());
        builder.environment().put(RuntimeDirectory.VARIABLE, home.toString());
        Process process = builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
        assertEquals(home + "\n", new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
        assertEquals(0, process.waitFor());
        assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(home)));
    }
}

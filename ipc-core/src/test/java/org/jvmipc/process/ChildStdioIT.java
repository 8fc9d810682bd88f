package org.jvmipc.process;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedInputStream;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.jvmipc.Address;
import org.jvmipc.internal.ChildStdio;
import org.jvmipc.internal.posix.Fd;
import org.jvmipc.internal.posix.OsCalls;

@Timeout(60)
class ChildStdioIT {
    private static Path path(Fd fd) {
        return Path.of("/proc/self/fd/" + fd.number());
    }

    /** {@link FileInputStream#readAllBytes()} itself seeks, which a pipe cannot. */
    private static byte[] readAll(InputStream pipe) throws IOException {
        return new BufferedInputStream(pipe).readAllBytes();
    }

    @Test
    void printingDoesNotGetBetweenTheData() throws Exception {
        Fd[] toChild = OsCalls.pipe(0);
        Fd[] fromChild = OsCalls.pipe(0);
        try (ChildJvm child = Children.launcher(Children.Copies.class)
                        // A warning of the JVM and its log go to standard output unless told otherwise.
                        .jvmArguments("-XX:MaxPermSize=1m", "-XX:+IgnoreUnrecognizedVMOptions")
                        .jvmArguments("-Xshare:auto", "-XX:SharedArchiveFile=/dev/null", "-Xlog:gc*")
                        .connectStdin(path(toChild[0]), Address.of("pipe:stdin"), toChild[0]::close)
                        .connectStdout(path(fromChild[1]), Address.of("pipe:stdout"), fromChild[1]::close)
                        .start();
                InputStream in = new FileInputStream(path(fromChild[0]).toFile())) {
            byte[] data = "twenty bytes of data".getBytes(StandardCharsets.US_ASCII);
            try (FileOutputStream out = new FileOutputStream(path(toChild[1]).toFile())) {
                toChild[1].close();
                out.write(data);
            }
            assertArrayEquals(data, readAll(in));
            assertTrue(child.awaitExit().isSuccess());
            List<String> errors = child.lastErrorLines();
            assertTrue(errors.contains("noise before"), errors::toString);
            assertEquals(20, errors.stream().filter("noise"::equals).count());
            assertTrue(errors.contains("System.in has -1"), errors::toString);
        } finally {
            fromChild[0].close();
        }
    }

    @Test
    void aGrandchildDoesNotHoldTheDataPipe() throws Exception {
        Fd[] pipe = OsCalls.pipe(0);
        ChildJvm child = Children.launcher(Children.LeavesGrandchild.class)
                .connectStdout(path(pipe[1]), Address.of("pipe:stdout"), pipe[1]::close)
                .start();
        try (child;
                InputStream in = new FileInputStream(path(pipe[0]).toFile())) {
            assertEquals("data", new String(readAll(in), StandardCharsets.US_ASCII));
            assertTrue(child.awaitExit().isSuccess());
        } finally {
            pipe[0].close();
            for (String line : child.lastErrorLines()) {
                if (line.startsWith("sleeper ")) {
                    ProcessHandle.of(Long.parseLong(line.substring("sleeper ".length())))
                            .ifPresent(ProcessHandle::destroyForcibly);
                }
            }
        }
    }

    @Test
    void thereIsNothingToTakeInAJvmWithoutAParent() {
        String message = assertThrows(IOException.class, ChildStdio::takeStdin).getMessage();
        assertTrue(message.contains("stdin carries no data"), message);
    }
}

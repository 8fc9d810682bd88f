package org.jvmipc.shm.sync;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** A Python program that holds a lock of {@code fcntl(2)} on a file, a process's own, until it is closed. */
final class PythonLock implements AutoCloseable {
    private static final Path PYTHON = Path.of("/usr/bin/python3");

    private static final String HOLDS =
            """
            import fcntl, sys
            f = open(sys.argv[1], 'r+')
            fcntl.lockf(f, fcntl.LOCK_EX)
            print('x', flush=True)
            sys.stdin.read()
            """;

    private static final String ASKS =
            """
            import fcntl, sys
            f = open(sys.argv[1], 'r+')
            try:
                fcntl.lockf(f, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                sys.exit(9)
            """;

    private final Process process;

    PythonLock(Path path) throws IOException {
        process = new ProcessBuilder(PYTHON.toString(), "-c", HOLDS, path.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        if (process.getInputStream().read() != 'x') {
            throw new IOException("python3 did not get the lock");
        }
    }

    static boolean isThere() {
        return Files.isExecutable(PYTHON);
    }

    int pid() {
        return (int) process.pid();
    }

    @Override
    public void close() throws IOException {
        process.getOutputStream().close();
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Whether a program does not get the lock. */
    static boolean isHeld(Path path) throws IOException, InterruptedException {
        Process asks = new ProcessBuilder(PYTHON.toString(), "-c", ASKS, path.toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(asks.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!asks.waitFor(20, TimeUnit.SECONDS) || (asks.exitValue() != 0 && asks.exitValue() != 9)) {
            throw new IOException("python3: " + said);
        }
        return asks.exitValue() == 9;
    }
}

package org.jvmipc.internal.posix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.channels.ClosedChannelException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.jvmipc.OsException;
import org.jvmipc.testkit.Await;
import org.jvmipc.testkit.NoLeaks;

@Timeout(30)
@ExtendWith(NoLeaks.class)
class OsCallsTest implements NoLeaks.WarmUp {
    @Override
    public void warmUp() throws Exception {
        OsCalls.open("/", Fcntl.O_RDONLY, 0).close();
        ProcessCalls.pidfd(ProcessHandle.current().pid()).close();
        OsCalls.eventfd().close();
        Files.getAttribute(Path.of("/"), "unix:ino");
        Files.newByteChannel(Path.of("/dev/null")).close(); // the JDK keeps a socket for closing channels
    }

    @Test
    void errorNamesCallErrnoAndObject(@TempDir Path directory) {
        String path = directory.resolve("none").toString();
        OsException error = assertThrows(OsException.class, () -> OsCalls.open(path, Fcntl.O_RDONLY, 0));
        assertEquals("open failed: No such file or directory (ENOENT) path=" + path, error.getMessage());
        assertEquals("open", error.call());
        assertEquals(Errno.ENOENT, error.errno());
        assertEquals("ENOENT", error.errnoName());
    }

    @Test
    void pathWithAZeroIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> OsCalls.open("/tmp/a\0b", Fcntl.O_RDONLY, 0));
    }

    @Test
    void symbolicLinkIsNotFollowedWithNofollow(@TempDir Path directory) throws Exception {
        Path link = Files.createSymbolicLink(directory.resolve("link"), directory);
        OsException error = assertThrows(
                OsException.class, () -> OsCalls.open(link.toString(), Fcntl.O_RDONLY | Fcntl.O_NOFOLLOW, 0));
        assertEquals(Errno.ELOOP, error.errno());
        assertEquals(
                FileStatus.SYMBOLIC_LINK, OsCalls.linkStatus(link.toString()).type());
    }

    @Test
    void statusTellsTypeOwnerAndInode(@TempDir Path directory) throws Exception {
        Path file = Files.write(directory.resolve("file"), new byte[123]);
        try (Fd fd = OsCalls.open(file.toString(), Fcntl.O_RDONLY, 0)) {
            FileStatus status = OsCalls.status(fd.number());
            assertEquals(FileStatus.REGULAR, status.type());
            assertEquals(123, status.sizeBytes());
            assertEquals(1, status.links());
            assertEquals(ProcessCalls.effectiveUser(), status.uid());
            assertEquals(Files.getAttribute(file, "unix:ino"), status.inode());
            assertEquals(status, OsCalls.linkStatus(file.toString()));
        }
    }

    @Test
    void descriptorsOfOursAreAboveTheStandardOnesAndCloseOnExec() throws Exception {
        Fd[] pipe = OsCalls.pipe(0);
        try (Fd reading = pipe[0];
                Fd writing = pipe[1];
                Fd event = OsCalls.eventfd();
                Fd copy = OsCalls.duplicate(writing.number())) {
            for (Fd fd : new Fd[] {reading, writing, event, copy}) {
                assertTrue(fd.number() > 2, fd.toString());
                String flags = Files.readString(Path.of("/proc/self/fdinfo/" + fd.number()));
                assertTrue(flags.contains("flags:\t02"), "O_CLOEXEC in " + flags);
            }
        }
    }

    @Test
    void descriptorIsClosedOnce() throws Exception {
        Fd[] pipe = OsCalls.pipe(0);
        pipe[0].close();
        Fd[] next = OsCalls.pipe(0); // gets the number that is free
        pipe[0].close();
        assertFalse(pipe[0].isOpen());
        assertThrows(ClosedChannelException.class, pipe[0]::ensureOpen);
        OsCalls.status(next[0].number());
        OsCalls.status(next[1].number());
        next[0].close();
        next[1].close();
        pipe[1].close();
    }

    @Test
    void forgottenDescriptorIsClosedByTheSafetyNet() throws Exception {
        int number = forget();
        Path entry = Path.of("/proc/self/fd/" + number);
        Await.until("the cleaner closes fd " + number, () -> {
            System.gc();
            return !Files.exists(entry, LinkOption.NOFOLLOW_LINKS);
        });
    }

    private static int forget() throws Exception {
        Fd[] pipe = OsCalls.pipe(0);
        pipe[1].close();
        return pipe[0].number();
    }

    @Test
    void pidfdSignalsThatProcessAndKnowsWhenItIsGone() throws Exception {
        Process sleeper = new ProcessBuilder("sleep", "100").start();
        try (Fd pidfd = ProcessCalls.pidfd(sleeper.pid())) {
            ProcessCalls.signal(pidfd, 0);
            ProcessCalls.signal(pidfd, 9);
            assertEquals(137, sleeper.waitFor());
            assertEquals(
                    Errno.ESRCH,
                    assertThrows(OsException.class, () -> ProcessCalls.signal(pidfd, 0))
                            .errno());
        } finally {
            sleeper.destroyForcibly().waitFor();
        }
    }

    @Test
    void everyErrnoHasItsName() {
        assertEquals("EAGAIN", Errno.name(Errno.EAGAIN));
        assertEquals("Broken pipe", Errno.text(Errno.EPIPE));
        assertEquals("EHWPOISON", Errno.name(133));
        assertEquals("E4711", Errno.name(4711));
        assertEquals("Unknown error 4711", Errno.text(4711));
    }
}

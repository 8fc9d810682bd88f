package org.jvmipc.cli.manage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.jvmipc.internal.posix.Fcntl;
import org.jvmipc.internal.posix.Fd;
import org.jvmipc.internal.posix.OsCalls;
import org.jvmipc.internal.posix.ProcessCalls;
import org.jvmipc.process.ChildJvm;
import org.jvmipc.process.ParentJvm;
import org.jvmipc.process.Stdio;
import org.jvmipc.testkit.Await;
import org.jvmipc.testkit.ChildMain;
import org.jvmipc.testkit.ChildProgram;
import org.jvmipc.testkit.Children;

/** The file that makes a JVM listen: whose it may be, and that it does not stay. */
@Timeout(120)
class AttachedJvmIT {
    private static final Path TMP = Path.of("/tmp");

    /** Is ready, and prints what it is asked for only. */
    static final class Child implements ChildProgram {
        @Override
        public void run(ParentJvm parent, String[] arguments) throws Exception {
            parent.ready();
            Thread.currentThread().join(); // for ever
        }
    }

    private static Path trigger(long pid) {
        return TMP.resolve(".attach_pid" + pid);
    }

    private static boolean exists(Path file) {
        return Files.exists(file, LinkOption.NOFOLLOW_LINKS);
    }

    @Test
    void whereTheFileIsAnotherUsersNoSignalIsSent() throws Exception {
        assumeTrue(ProcessCalls.effectiveUser() == 0, "only root can give files away");
        try (ChildJvm child = Children.start(ChildMain.launcher(Child.class).stdout(Stdio.capture()))) {
            Path trigger = trigger(child.pid());
            Path socket = TMP.resolve(".java_pid" + child.pid());
            try {
                Files.createFile(trigger);
                Files.setAttribute(trigger, "unix:uid", 1);
                AttachedJvm refused = new AttachedJvm(child.identity(), Await.LONG);
                String message =
                        assertThrows(IOException.class, refused::threadDump).getMessage();
                assertEquals(trigger.getFileName() + " in /tmp is another user's", message);
                assertTrue(exists(trigger), "it is not ours to delete");
                Files.delete(trigger);
                String dump = new AttachedJvm(child.identity(), Await.LONG).threadDump();
                assertTrue(dump.contains("Full thread dump"), dump);
                assertFalse(exists(trigger));
                child.kill();
                child.awaitExit();
                assertEquals(List.of(), child.lastOutputLines(), "a dump of its own: it was sent SIGQUIT");
            } finally {
                Files.deleteIfExists(trigger);
                child.kill();
                Files.deleteIfExists(socket); // who is killed leaves it
            }
        }
    }

    @Test
    void theFileIsDeletedAlsoIfTheProcessHasEnded() throws Exception {
        Process sleep = new ProcessBuilder("sleep", "60").start();
        Path trigger = trigger(sleep.pid());
        String root = "/proc/" + sleep.pid() + "/root/tmp";
        try (Fd tmp = OsCalls.open(root, Fcntl.O_PATH | Fcntl.O_DIRECTORY, 0)) {
            Path directory = Path.of("/proc/self/fd", Integer.toString(tmp.number()));
            try (AttachTrigger made = AttachTrigger.of(directory, sleep.pid())) {
                assertTrue(exists(trigger), made::toString);
                try (AttachTrigger second = AttachTrigger.of(directory, sleep.pid())) {
                    assertTrue(exists(trigger), second::toString);
                }
                assertTrue(exists(trigger), "who has not made it deletes it not");
                sleep.destroyForcibly();
                assertTrue(sleep.waitFor(10, TimeUnit.SECONDS));
            }
            assertFalse(exists(trigger));
        } finally {
            sleep.destroyForcibly();
            Files.deleteIfExists(trigger);
        }
    }
}

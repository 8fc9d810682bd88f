package org.jvmipc.cli;

import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.jvmipc.cli.IpcProcess.Result;
import org.jvmipc.testkit.Await;
import org.jvmipc.testkit.Campaign;

/** The command killed at any point of its life: the next one works with no manual step, and what is left over is found. */
@Timeout(600)
class KilledCommandIT {
    /** By then the slowest of them is at work, or done. */
    private static final int LONGEST_LIFE_MILLIS = 500;

    private final Random random = new Random(4711);

    @TempDir
    private Path directory;

    private Path home() {
        return directory.resolve("home");
    }

    private Map<String, String> environment() {
        return Map.of("IPC_HOME", home().toString());
    }

    private Result ipc(String... args) throws IOException, InterruptedException {
        return IpcProcess.with(environment(), "", "", args);
    }

    /** Starts it, and kills it at a random moment. Its children notice by themselves. */
    private void killed(String... args) throws Exception {
        try (IpcProcess process = IpcProcess.start(environment(), args)) {
            List<ProcessHandle> descendants;
            if (process.process().waitFor(random.nextInt(LONGEST_LIFE_MILLIS), TimeUnit.MILLISECONDS)) {
                return;
            }
            descendants = process.process().descendants().toList();
            process.process().destroyForcibly().waitFor();
            for (ProcessHandle each : descendants) {
                Await.until("child " + each.pid() + " ended with its parent", () -> !each.isAlive());
            }
        }
    }

    @Test
    void whoeverIsKilledTheNextStartWorksAndNothingStaysBehind() throws Exception {
        int rounds = Campaign.size(2, 40);
        String fifo = "fifo:" + directory.resolve("f");
        ipc("create", fifo).expect(0);
        for (int i = 0; i < rounds; i++) {
            killedCreator(i);
            killedSender(fifo);
            killedReceiver(fifo);
            killed("demo", "fifo", "-n", "2k", "-c", "2");
            killed("rm", "--stale", "-y");
            exchange(fifo);
        }
        ipc("rm", fifo).expect(0);
        ipc("rm", "--stale", "-y").expect(0);
        assertEquals("", ipc("ls", "--stale").expect(0).out());
        assertEquals(
                "ipc: nothing is stale\n", ipc("rm", "--stale", "-y").expect(0).err());
        assertEquals("", ipc("ls").expect(0).out());
        assertEquals(List.of(), fifos(), "what the registry does not know of");
    }

    /** It belongs to a process that is dead, so all of it is stale as soon as it is there, finished or not. */
    private void killedCreator(int round) throws Exception {
        Process owner = new ProcessBuilder("sleep", "60").start();
        String address = "fifo:killed-" + round;
        try {
            killed("create", address, "--owner", Long.toString(owner.pid()));
        } finally {
            owner.destroyForcibly().waitFor();
        }
        ipc("ls", "--stale").expect(0);
        ipc("rm", "--stale", "-y").expect(0);
        assertEquals("", ipc("ls", "--stale").expect(0).out());
    }

    private void killedSender(String fifo) throws Exception {
        Thread reader = new Thread(() -> {
            try (InputStream in = Files.newInputStream(directory.resolve("f"))) {
                in.transferTo(OutputStream.nullOutputStream());
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });
        reader.setDaemon(true);
        reader.start();
        killed("send", fifo, "--repeat", "0", "x".repeat(100));
        if (reader.isAlive()) { // killed before it had opened the FIFO
            FileChannel.open(directory.resolve("f"), READ, WRITE).close(); // both, so that it waits for nobody
        }
        reader.join();
    }

    private void killedReceiver(String fifo) throws Exception {
        killed("recv", fifo, "-F");
    }

    private void exchange(String fifo) throws Exception {
        try (IpcProcess receiver = IpcProcess.start(environment(), "recv", fifo, "-t", "20s")) {
            ipc("send", fifo, "after the kills", "-t", "20s").expect(0);
            assertEquals("after the kills\n", receiver.await().expect(0).out());
        }
    }

    private List<Path> fifos() throws IOException {
        try (Stream<Path> files = Files.list(home())) {
            return files.filter(file -> file.toString().endsWith(".fifo")).toList();
        }
    }

    @Test
    void anUnfinishedCreationIsFoundAndFinished() throws Exception {
        for (int i = 0; i < 3; i++) {
            killed("create", "fifo:again");
            Result second = ipc("create", "fifo:again");
            assertTrue(second.exit() == 0 || second.err().contains("EEXIST"), second.err());
            ipc("rm", "fifo:again").expect(0);
        }
    }
}

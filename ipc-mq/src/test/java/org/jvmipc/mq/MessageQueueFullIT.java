package org.jvmipc.mq;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.jvmipc.Address;
import org.jvmipc.Codecs;
import org.jvmipc.LimitException;
import org.jvmipc.testkit.Await;
import org.jvmipc.testkit.Jvms;
import org.jvmipc.testkit.NoLeaks;

/** A file system of 12 MB: what it cannot hold is refused before it is written, what is there is whole, and it goes on. */
@ExtendWith(NoLeaks.class)
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class MessageQueueFullIT {
    @TempDir
    Path directory;

    /** Runs in a mount namespace of its own. */
    public static final class Fills {
        private static final int BYTES = 30_000;

        private Fills() {}

        /** Checks what happens in the directory given. */
        public static void main(String[] arguments) throws Exception {
            Path mount = Path.of(arguments[0]);
            MessageQueue<byte[]> queue = MessageQueue.create(
                    Address.of("mq", mount.resolve("q").toString()),
                    Codecs.bytes(),
                    MessageQueueOptions.defaults().withCapacity(256 << 20).withCycle(2 << 20));
            Path other = mount.resolve("other");
            try (RandomAccessFile file = new RandomAccessFile(other.toFile(), "rw")) {
                file.write(new byte[2 << 20]);
            }
            try (QueueSender<byte[]> out = queue.openSender();
                    GroupReceiver<byte[]> in = queue.openGroupReceiver("g", ConsumerOptions.defaults())) {
                int sent = fill(out, mount);
                verify(queue, sent);
                Files.delete(other);
                require(out.trySend(message(sent)), "there is room again");
                sent++;
                sent += fill(out, mount, sent);
                verify(queue, sent);
                for (int i = 0; i < sent / 2; i++) {
                    requireMessage(i, in.receive());
                }
                int more = fill(out, mount, sent);
                require(more > 0, "room has come back with what was taken");
                for (int i = sent / 2; i < sent + more; i++) {
                    requireMessage(i, in.receive());
                }
                require(in.tryReceive() == null, "there is more than was sent");
                System.out.println("sent " + (sent + more));
            }
        }

        private static int fill(QueueSender<byte[]> out, Path mount) throws Exception {
            return fill(out, mount, 0);
        }

        /** Sends until the disk is full; how many were sent. */
        private static int fill(QueueSender<byte[]> out, Path mount, int from) throws Exception {
            int number = from;
            while (true) {
                try {
                    out.send(message(number));
                    number++;
                } catch (LimitException e) {
                    long free = Files.getFileStore(mount).getUsableSpace();
                    require(e.limit().equals("free space of the file system"), e.toString());
                    require(e.value() <= free + 4096 && e.value() < 2 << 20, e + " of " + free);
                    System.out.println(e.getMessage());
                    break;
                }
            }
            for (int i = 0; i < 3; i++) { // it stays refused, and nothing of it is there
                require(!sends(out, message(number)), "the disk was full just now");
            }
            return number - from;
        }

        private static boolean sends(QueueSender<byte[]> out, byte[] message) throws Exception {
            try {
                out.send(message);
                return true;
            } catch (LimitException e) {
                return false;
            }
        }

        private static byte[] message(int number) {
            byte[] message = new byte[BYTES + number % 100];
            java.util.Arrays.fill(message, (byte) number);
            return message;
        }

        private static void requireMessage(int number, byte[] message) {
            require(java.util.Arrays.equals(message(number), message), "message " + number + " is not what it was");
        }

        private static void verify(MessageQueue<byte[]> queue, int sent) throws IOException {
            try (QueueReceiver<byte[]> all = queue.openReceiver(ReceiveFrom.start())) {
                for (int i = 0; i < sent; i++) {
                    requireMessage(i, all.tryReceive());
                }
                require(all.tryReceive() == null, "there is more than was sent");
            }
        }

        private static void require(boolean condition, String wrong) {
            if (!condition) {
                throw new AssertionError(wrong);
            }
        }
    }

    private String run(int expected, List<String> command) throws Exception {
        Path output = directory.resolve("output");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
        builder.environment().put("IPC_HOME", directory.resolve("home").toString());
        Process process = builder.start();
        assertTrue(process.waitFor(Await.LONG.toSeconds() * 3, TimeUnit.SECONDS), "it does not end");
        String text = Files.readString(output);
        if (expected >= 0) {
            assertEquals(expected, process.exitValue(), text);
        }
        return process.exitValue() + " " + text;
    }

    @Test
    void whatDoesNotFitIsRefusedAndItGoesOnWhenThereIsRoom() throws Exception {
        Path mount = Files.createDirectory(directory.resolve("mount"));
        String tmpfs = "mount -t tmpfs -o size=12m none " + mount;
        String probe = run(-1, List.of("unshare", "-m", "sh", "-c", tmpfs));
        Assumptions.assumeTrue(probe.startsWith("0 "), () -> "no file system may be mounted here: " + probe);
        List<String> command = new ArrayList<>(List.of("unshare", "-m", "sh", "-c", tmpfs + " && exec \"$@\"", "sh"));
        command.add(Jvms.java().toString());
        command.addAll(MessageQueue.jvmArguments());
        command.addAll(Jvms.FAST_START);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Fills.class.getName(), mount.toString()));
        String text = run(0, command);
        assertTrue(text.contains("sent ") && text.contains("bytes cannot be allocated"), text);
    }
}

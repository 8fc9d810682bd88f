package org.jvmipc.shm;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.jvmipc.Codecs;
import org.jvmipc.process.ChildJvm;
import org.jvmipc.process.ParentJvm;
import org.jvmipc.testkit.Await;
import org.jvmipc.testkit.Campaign;
import org.jvmipc.testkit.ChildMain;
import org.jvmipc.testkit.ChildProgram;
import org.jvmipc.testkit.Children;
import org.jvmipc.testkit.MemoryDirectory;

/** Every send and receive of several JVMs is written down with its times, and the whole is held against what a queue may do. */
@Timeout(value = 600, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RingHistoryIT {
    private static final int EACH = Campaign.size(10_000, 1_000_000);
    private static final int CAPACITY = 4096;

    @TempDir(factory = MemoryDirectory.class)
    Path directory;

    private Path ring() {
        return directory.resolve("r");
    }

    private Path log(String who) {
        return directory.resolve(who);
    }

    // ---- the processes

    /** Sends so many messages, in turn by each form; some tries find the ring full. */
    static final class Sends implements ChildProgram {
        @Override
        public void run(ParentJvm parent, String[] arguments) throws Exception {
            int producer = Integer.parseInt(arguments[1]);
            int count = Integer.parseInt(arguments[4]);
            try (SharedRing ring = SharedRing.open(Path.of(arguments[0]));
                    RingSender<ByteBuffer> out = ring.openSender(Codecs.buffers());
                    RingLog log = new RingLog(Path.of(arguments[2]))) {
                parent.ready();
                Path go = Path.of(arguments[3]);
                Await.until("all senders are there", () -> Files.exists(go));
                for (int seq = 0; seq < count; seq++) {
                    send(out, log, producer, seq);
                }
            }
        }

        private static void send(RingSender<ByteBuffer> out, RingLog log, int producer, int seq) throws Exception {
            long begin = System.nanoTime();
            if (seq % 3 == 0) {
                try (Claim claim = out.claim(RingLog.MESSAGE_BYTES)) {
                    claim.buffer().putInt(producer).putInt(seq);
                    claim.commit();
                }
            } else {
                ByteBuffer message = log.message(producer, seq, RingLog.MESSAGE_BYTES + seq % 40);
                if (seq % 3 == 1 || !out.trySend(message)) {
                    out.send(message);
                }
            }
            log.add(producer, seq, begin);
        }
    }

    /** Receives so many messages, and notes the tries that found none. */
    static final class Receives implements ChildProgram {
        @Override
        public void run(ParentJvm parent, String[] arguments) throws Exception {
            int expected = Integer.parseInt(arguments[1]);
            try (SharedRing ring = SharedRing.open(Path.of(arguments[0]));
                    RingReceiver<ByteBuffer> in = ring.openReceiver(Codecs.buffers());
                    RingLog log = new RingLog(Path.of(arguments[2]))) {
                parent.ready();
                for (int got = 0; got < expected; ) {
                    long begin = System.nanoTime();
                    ByteBuffer message = got % 2 == 0 ? in.tryReceive() : in.receive();
                    if (message == null) {
                        log.add(RingLog.NONE, 0, begin);
                    } else {
                        log.add(message.getInt(), message.getInt(), begin);
                        got++;
                    }
                }
            }
        }
    }

    // ---- the history

    @ParameterizedTest
    @EnumSource(RingKind.class)
    void whatSeveralProcessesDidIsWhatAQueueMayDo(RingKind kind) throws Exception {
        int senders = kind == RingKind.LANES ? 3 : 1;
        int receivers = kind == RingKind.BROADCAST ? 2 : 1;
        SharedRing.create(ring(), RingOptions.defaults().withKind(kind).withCapacity(CAPACITY))
                .close();
        List<ChildJvm> children = new ArrayList<>();
        try {
            for (int i = 0; i < receivers; i++) {
                children.add(
                        Children.start(ChildMain.launcher(Receives.class, ring(), senders * EACH, log("receiver" + i))
                                .jvmArguments("-Xmx2g")));
            }
            for (int i = 0; i < senders; i++) {
                children.add(
                        Children.start(ChildMain.launcher(Sends.class, ring(), i, log("sender" + i), log("go"), EACH)));
            }
            Files.createFile(log("go"));
            for (ChildJvm child : children) {
                Children.assertExit(0, child);
            }
        } finally {
            for (ChildJvm child : children) {
                child.close();
            }
        }
        List<List<RingLog.Entry>> sent = new ArrayList<>();
        for (int i = 0; i < senders; i++) {
            sent.add(RingLog.read(log("sender" + i)));
        }
        for (int i = 0; i < receivers; i++) {
            List<RingLog.Entry> received = RingLog.read(log("receiver" + i));
            assertTrue(received.size() >= senders * EACH);
            new RingHistory(sent).check(received);
        }
        SharedRing.remove(ring());
    }

    // ---- the checker

    private static RingLog.Entry sent(int seq, long begin, long end) {
        return new RingLog.Entry(0, seq, begin, end);
    }

    private static void check(RingLog.Entry... received) {
        new RingHistory(List.of(List.of(sent(0, 10, 20), sent(1, 30, 40)))).check(List.of(received));
    }

    @Test
    void theCheckerSeesWhatNoQueueDoes() {
        check(new RingLog.Entry(RingLog.NONE, 0, 15, 16), sent(0, 15, 25), sent(1, 41, 42));
        assertWrong("message 1 came in place of 0", sent(1, 41, 42), sent(0, 43, 44));
        assertWrong("1 messages came, 2 were sent", sent(0, 15, 25));
        assertWrong("message 0 came in place of 1", sent(0, 15, 25), sent(0, 26, 27), sent(1, 41, 42));
        assertWrong("received before it was sent", sent(0, 1, 9), sent(1, 41, 42));
        assertWrong("nothing was found", new RingLog.Entry(RingLog.NONE, 0, 21, 22), sent(0, 23, 24), sent(1, 41, 42));
        assertWrong("whom nobody knows", new RingLog.Entry(7, 0, 1, 2));
    }

    private static void assertWrong(String what, RingLog.Entry... received) {
        AssertionError error = assertThrows(AssertionError.class, () -> check(received));
        assertTrue(String.valueOf(error.getMessage()).contains(what), error::toString);
    }
}

package org.jvmipc.sockets;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.jvmipc.Codecs;
import org.jvmipc.PeerGoneException;
import org.jvmipc.process.ChildJvm;
import org.jvmipc.process.ParentJvm;
import org.jvmipc.testkit.Await;
import org.jvmipc.testkit.Campaign;
import org.jvmipc.testkit.ChildMain;
import org.jvmipc.testkit.ChildProgram;
import org.jvmipc.testkit.Worker;

/** A receiver is killed in the middle of a stream and started again on the same port: what the new one gets is the new session's. */
@Timeout(value = 240, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ReliableKillIT {
    private static final int MESSAGE_BYTES = 200;

    /** Takes one session after the other, checks that each is 0, 1, 2, ... of one round, and answers the number of each hundredth. */
    static final class Takes implements ChildProgram {
        @Override
        public void run(ParentJvm parent, String[] arguments) throws Exception {
            InetSocketAddress place = new InetSocketAddress("127.0.0.1", Integer.parseInt(arguments[0]));
            try (ReliableListener<byte[]> listener = ReliableDatagrams.listen(place, Codecs.bytes())) {
                parent.ready();
                while (true) {
                    try (ReliableConnection<byte[]> each = listener.accept()) {
                        serve(each);
                    } catch (PeerGoneException e) {
                        // The next one.
                    }
                }
            }
        }

        private static void serve(ReliableConnection<byte[]> in) throws Exception {
            int round = -1;
            for (int expected = 0; ; expected++) {
                ByteBuffer message = ByteBuffer.wrap(in.receive());
                round = expected == 0 ? message.getInt(0) : round;
                if (message.getInt(0) != round || message.getInt(4) != expected) {
                    in.send(new byte[1]); // old data
                    return;
                }
                if (expected % 100 == 0) {
                    in.send(ByteBuffer.allocate(8)
                            .putInt(round)
                            .putInt(expected)
                            .array());
                }
            }
        }
    }

    private static byte[] message(int round, int number) {
        return ByteBuffer.allocate(MESSAGE_BYTES).putInt(round).putInt(number).array();
    }

    @Test
    void noOldDataGetsIntoTheNewSession() throws Exception {
        InetSocketAddress place;
        try (DatagramEndpoint<byte[]> probe = Datagrams.open(Codecs.bytes())) {
            place = probe.localAddress();
        }
        LinkFaults bad = LinkFaults.none().withLoss(0.05).withReorder(0.2).withDuplicate(0.1);
        ChildJvm child = start(place);
        try (FaultyLink link = FaultyLink.open(
                place, FaultyLinkOptions.defaults().withFaults(bad).withMaxClients(256))) {
            int kills = Campaign.size(10, 200);
            for (int round = 0; round < kills; round++) {
                child.awaitReady();
                // Directly, so that the kernel tells of the death; and through a link, where old packets are still on
                // their way.
                InetSocketAddress to = round % 2 == 0 ? place : link.address();
                child = killIn(round, to, child, place);
            }
        } finally {
            child.kill();
            child.close();
        }
    }

    private static ChildJvm killIn(int round, InetSocketAddress to, ChildJvm child, InetSocketAddress place)
            throws Exception {
        try (ReliableConnection<byte[]> out =
                ReliableDatagrams.tryConnect(to, Codecs.bytes(), ReliableOptions.defaults(), Await.LONG)) {
            assertNotNull(out, "nobody has the port");
            try (Worker<Boolean> sender = Worker.run(() -> {
                for (int number = 0; ; number++) {
                    out.send(message(round, number));
                }
            })) {
                for (int answers = 0; answers < 5; answers++) {
                    ByteBuffer answer = ByteBuffer.wrap(out.receive());
                    assertEquals(8, answer.capacity(), "old data");
                    assertEquals(round, answer.getInt(0));
                    assertEquals(100 * answers, answer.getInt(4));
                }
                child.kill();
                child.close();
                ChildJvm next = start(place);
                PeerGoneException gone = sender.failure(PeerGoneException.class);
                assertNotEquals(PeerGoneException.Reason.CLOSED, gone.reason());
                assertThrows(PeerGoneException.class, () -> {
                    while (true) {
                        out.receive();
                    }
                });
                return next;
            }
        }
    }

    private static ChildJvm start(InetSocketAddress place) throws Exception {
        return ChildMain.launcher(Takes.class, place.getPort()).start();
    }
}

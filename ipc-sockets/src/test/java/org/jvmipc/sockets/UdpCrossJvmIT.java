package org.jvmipc.sockets;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.jvmipc.Address;
import org.jvmipc.Codecs;
import org.jvmipc.Connection;
import org.jvmipc.PeerGoneException;
import org.jvmipc.Receiver;
import org.jvmipc.process.ChildJvm;
import org.jvmipc.process.ParentJvm;
import org.jvmipc.testkit.Await;
import org.jvmipc.testkit.ChildMain;
import org.jvmipc.testkit.ChildProgram;
import org.jvmipc.testkit.NoLeaks;
import org.jvmipc.testkit.Payloads;

/** Datagrams between two JVMs. */
@ExtendWith(NoLeaks.class)
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class UdpCrossJvmIT implements NoLeaks.WarmUp {
    private static final long SEED = 11;
    private static final int COUNT = 300;

    @Override
    public void warmUp() throws Exception {
        aChildServesAndItsDeathIsToldByTheKernel();
    }

    /** Echoes what comes to the port that is handed over. */
    static final class Echoes implements ChildProgram {
        @Override
        public void run(ParentJvm parent, String[] arguments) throws Exception {
            int port = Integer.parseInt(arguments[0]);
            try (DatagramEndpoint<byte[]> server =
                    Datagrams.bind(new InetSocketAddress("127.0.0.1", port), Codecs.bytes())) {
                parent.ready();
                while (true) {
                    Datagram<byte[]> each = server.receiveFrom();
                    server.sendTo(each.source(), each.message());
                }
            }
        }
    }

    /** Sends numbered messages through the address that is handed over, paced by the answers. */
    static final class Asks implements ChildProgram {
        @Override
        public void run(ParentJvm parent, String[] arguments) throws Exception {
            try (Connection<byte[]> out = parent.connection("server", Codecs.bytes())) {
                parent.ready();
                for (int seq = 0; seq < COUNT; seq++) {
                    byte[] message = Payloads.bytes(SEED, seq, 100);
                    byte[] answer = null;
                    while (!Arrays.equals(message, answer)) { // a copy of an earlier one is none
                        out.send(message);
                        answer = out.tryReceive(Duration.ofMillis(20));
                    }
                }
            }
        }
    }

    private static InetSocketAddress freePort() throws Exception {
        try (DatagramEndpoint<byte[]> probe = Datagrams.open(Codecs.bytes())) {
            return probe.localAddress();
        }
    }

    @Test
    void aChildServesAndItsDeathIsToldByTheKernel() throws Exception {
        InetSocketAddress place = freePort();
        try (ChildJvm child = ChildMain.launcher(Echoes.class, place.getPort()).start();
                DatagramConnection<byte[]> client = Datagrams.connect(place, Codecs.bytes())) {
            child.awaitReady();
            for (int size : new int[] {0, 1, 1000, 65_507}) {
                byte[] message = Payloads.bytes(SEED, size, size);
                client.send(message);
                byte[] answer = client.tryReceive(Await.LONG);
                assertNotNull(answer, () -> "nothing came back of " + size + " bytes");
                assertArrayEquals(message, answer);
            }
            child.kill();
            child.awaitExit();
            client.send(new byte[1]);
            PeerGoneException gone = assertThrows(PeerGoneException.class, () -> client.tryReceive(Await.LONG));
            assertEquals(PeerGoneException.Reason.UNKNOWN, gone.reason());
        }
    }

    @Test
    void aChildGetsThroughABadLinkByAskingAgain() throws Exception {
        LinkFaults bad = LinkFaults.none().withLoss(0.2).withDuplicate(0.1).withReorder(0.2);
        try (DatagramEndpoint<byte[]> server = Datagrams.open(Codecs.bytes());
                FaultyLink link = FaultyLink.open(
                        server.localAddress(), FaultyLinkOptions.defaults().withFaults(bad));
                ChildJvm child = ChildMain.launcher(Asks.class)
                        .handOver("server", UdpSocket.address(link.address(), DatagramOptions.defaults()))
                        .start()) {
            boolean[] seen = new boolean[COUNT];
            int different = 0;
            while (child.isAlive() || different < COUNT) {
                Datagram<byte[]> each = server.tryReceiveFrom(Duration.ofMillis(50));
                if (each != null) {
                    int seq = sequence(each.message());
                    different += seen[seq] ? 0 : 1;
                    seen[seq] = true;
                    server.sendTo(each.source(), each.message());
                }
            }
            assertTrue(child.awaitExit().isSuccess());
            assertEquals(COUNT, different);
            assertTrue(link.forward().lost() > 0 && link.backward().lost() > 0);
        }
    }

    private static int sequence(byte[] message) {
        for (int seq = 0; seq < COUNT; seq++) {
            if (Arrays.equals(message, Payloads.bytes(SEED, seq, 100))) {
                return seq;
            }
        }
        throw new AssertionError("a message that nobody sent");
    }

    @Test
    void aReceiverHandsItsAddressOver() throws Exception {
        try (Receiver<byte[]> receiver =
                        new UdpTransport().openReceiver(Address.of("udp://127.0.0.1:0"), Codecs.bytes());
                ChildJvm child = ChildMain.launcher("produce", 20, SEED, 300)
                        .handOver(ChildMain.OUT, receiver.address())
                        .start()) {
            for (int seq = 0; seq < 20; seq++) {
                byte[] message = receiver.tryReceive(Await.LONG);
                assertNotNull(message);
                Payloads.verify(SEED, seq, Payloads.size(SEED, seq, 300), message);
            }
            assertTrue(child.awaitExit().isSuccess());
        }
    }
}

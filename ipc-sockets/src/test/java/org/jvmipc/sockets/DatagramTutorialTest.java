package org.jvmipc.sockets;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.jvmipc.Codecs;
import org.jvmipc.Ipc;
import org.jvmipc.LimitException;
import org.jvmipc.PeerGoneException;
import org.jvmipc.Receiver;
import org.jvmipc.Sender;
import org.jvmipc.testkit.Await;
import org.jvmipc.testkit.Worker;

/**
 * Datagrams, step by step. Read from top to bottom; every step runs.
 *
 * <p>A datagram is a message in an envelope with an address on it. The post takes it and promises nothing: it may be lost, come
 * twice, or behind a later one. What comes is whole.
 */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class DatagramTutorialTest {
    private static final InetSocketAddress ANY_PORT = new InetSocketAddress("127.0.0.1", 0);

    /** A socket that is bound has a port, and gets what anybody sends there. It learns who that was, and can answer. */
    @Test
    @Order(1)
    void step1SendAndAnswer() throws Exception {
        try (DatagramEndpoint<String> server = Datagrams.bind(ANY_PORT, Codecs.utf8());
                DatagramEndpoint<String> client = Datagrams.open(Codecs.utf8())) {
            client.sendTo(server.localAddress(), "what is the answer?");

            Datagram<String> question = server.receiveFrom();
            server.sendTo(question.source(), "42");

            assertEquals("42", client.receive());
        }
    }

    /** A socket that is connected has one peer. It is a Connection, with the verbs of every other channel. */
    @Test
    @Order(2)
    void step2OnePeer() throws Exception {
        try (DatagramEndpoint<String> server = Datagrams.bind(ANY_PORT, Codecs.utf8());
                DatagramConnection<String> client = Datagrams.connect(server.localAddress(), Codecs.utf8())) {
            client.send("hello");
            assertEquals("hello", server.receive());
            assertNull(client.tryReceive(), "nothing yet");
            assertNull(client.tryReceive(Duration.ofMillis(5)), "nothing for 5 ms");
        }
    }

    /** A message is one datagram, so its size is limited. A larger one is refused before anything is sent. */
    @Test
    @Order(3)
    void step3TheLargestMessage() throws Exception {
        try (DatagramEndpoint<byte[]> endpoint = Datagrams.open(Codecs.bytes())) {
            assertEquals(65_507, endpoint.largestMessageBytes());
            assertThrows(LimitException.class, () -> endpoint.sendTo(endpoint.localAddress(), new byte[65_508]));
        }
    }

    /** Nobody there? The kernel of the other side may say so. A connected socket hears it, with its next call, and goes on. */
    @Test
    @Order(4)
    void step4NobodyThere() throws Exception {
        InetSocketAddress left;
        try (DatagramEndpoint<String> shortLived = Datagrams.open(Codecs.utf8())) {
            left = shortLived.localAddress();
        }
        try (DatagramConnection<String> client = Datagrams.connect(left, Codecs.utf8())) {
            client.send("anybody?"); // no error: the datagram has left
            assertThrows(PeerGoneException.class, client::receive);
        }
    }

    /** The receiver's buffer is finite. What comes while it is full is lost; the sender does not notice. */
    @Test
    @Order(5)
    void step5TooFast() throws Exception {
        DatagramOptions smallBuffer = DatagramOptions.defaults().withBuffers(0, 8192);
        try (DatagramEndpoint<byte[]> slow = Datagrams.bind(ANY_PORT, Codecs.bytes(), smallBuffer);
                DatagramConnection<byte[]> fast = Datagrams.connect(slow.localAddress(), Codecs.bytes())) {
            for (int i = 0; i < 100; i++) {
                fast.send(new byte[1000]);
            }
            int received = 0;
            while (slow.tryReceive() != null) {
                received++;
            }
            assertTrue(received < 100);
            assertEquals(100, received + slow.dropped()); // the kernel has counted them
        }
    }

    /** A server with many clients: the listener keeps them apart, and gives a connection for each. */
    @Test
    @Order(6)
    void step6ManyClients() throws Exception {
        try (DatagramListener<String> server = Datagrams.listen(ANY_PORT, Codecs.utf8());
                DatagramConnection<String> ada = Datagrams.connect(server.localAddress(), Codecs.utf8());
                DatagramConnection<String> bob = Datagrams.connect(server.localAddress(), Codecs.utf8())) {
            ada.send("ada");
            try (DatagramConnection<String> first = server.accept()) {
                bob.send("bob");
                try (DatagramConnection<String> second = server.accept()) {
                    first.send("hello " + first.receive());
                    second.send("hello " + second.receive());
                }
            }
            assertEquals("hello ada", ada.receive());
            assertEquals("hello bob", bob.receive());
        }
    }

    /** On one machine hardly anything is lost. So that a program can be tested against a bad network, here is one. */
    @Test
    @Order(7)
    void step7ABadNetwork() throws Exception {
        LinkFaults bad = LinkFaults.none().withLoss(0.3).withReorder(0.3).withDuplicate(0.1);
        try (DatagramEndpoint<Long> server = Datagrams.open(Codecs.int64());
                FaultyLink link = FaultyLink.open(
                        server.localAddress(),
                        FaultyLinkOptions.defaults().withFaults(bad).withSeed(42));
                DatagramConnection<Long> client = Datagrams.connect(link.address(), Codecs.int64())) {
            for (long number = 0; number < 100; number++) {
                client.send(number);
            }
            Await.until(
                    "all is through",
                    () -> link.forward().received() == 100 && link.forward().held() == 0);
            List<Long> came = new ArrayList<>();
            server.drain(came::add, 1000);
            FaultyLinkCounts counts = link.forward();
            assertEquals(100, came.stream().distinct().count() + counts.lost());
            assertEquals(came.size(), counts.forwarded());
        }
    }

    /** The remedy: ask again until there is an answer. Whoever answers must not mind being asked twice. */
    @Test
    @Order(8)
    void step8AskAgain() throws Exception {
        LinkFaults bad = LinkFaults.none().withLoss(0.5);
        try (DatagramEndpoint<Long> server = Datagrams.open(Codecs.int64());
                FaultyLink link = FaultyLink.open(
                        server.localAddress(), FaultyLinkOptions.defaults().withFaults(bad));
                DatagramConnection<Long> client = Datagrams.connect(link.address(), Codecs.int64());
                Worker<Boolean> doubling = Worker.run(() -> {
                    while (true) {
                        Datagram<Long> question = server.receiveFrom();
                        server.sendTo(question.source(), 2 * question.message());
                    }
                })) {
            Long answer = null;
            while (answer == null) {
                client.send(21L);
                answer = client.tryReceive(Duration.ofMillis(20));
            }
            assertEquals(42, answer);
            doubling.interrupt();
        }
    }

    /** The same by address: who receives binds to the port, who sends is connected to it. */
    @Test
    @Order(9)
    void step9ByAddress() throws Exception {
        try (Receiver<String> in = Ipc.receiver("udp://127.0.0.1:0", Codecs.utf8());
                Sender<String> out = Ipc.sender(in.address(), Codecs.utf8())) {
            out.send("hello");
            assertEquals("hello", in.receive());
        }
    }
}

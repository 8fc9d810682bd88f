package org.jvmipc.sockets;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.jvmipc.Codecs;
import org.jvmipc.testkit.Await;
import org.jvmipc.testkit.NoLeaks;

/** Strangers who prove no address, over real sockets: the server keeps nothing of them, and sends no more than three times their bytes. */
@ExtendWith(NoLeaks.class)
@Timeout(value = 90, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ReliableSpoofTest implements NoLeaks.WarmUp {
    private final SplittableRandom random = new SplittableRandom(5);
    private long sent;
    private long got;

    @Override
    public void warmUp() throws Exception {
        Connected.useThoseOfTheJdk();
        whatProvesNoAddressLeavesNoSessionAndGetsNoMoreThanThreeTimesItsBytes();
    }

    private static DatagramSocket socket(int number) throws IOException {
        byte[] host = {127, 1, (byte) (number >> 8), (byte) number};
        DatagramSocket socket = new DatagramSocket(0, InetAddress.getByAddress(host));
        socket.setSoTimeout((int) Await.LONG.toMillis());
        return socket;
    }

    private static void send(DatagramSocket from, byte[] bytes, InetSocketAddress to) throws IOException {
        from.send(new DatagramPacket(bytes, bytes.length, to));
    }

    /** Sends a packet that has an answer, and takes that. */
    private byte[] ask(DatagramSocket from, byte[] question, InetSocketAddress server) throws IOException {
        send(from, question, server);
        DatagramPacket answer = new DatagramPacket(new byte[2000], 2000);
        from.receive(answer);
        sent += question.length;
        got += answer.getLength();
        return Arrays.copyOf(answer.getData(), answer.getLength());
    }

    /** All that was answered was answered before. */
    private void takeRest(DatagramSocket socket) throws IOException {
        socket.setSoTimeout(1);
        DatagramPacket answer = new DatagramPacket(new byte[2000], 2000);
        try {
            while (true) {
                socket.receive(answer);
                got += answer.getLength();
            }
        } catch (SocketTimeoutException e) {
            // That is all.
        }
    }

    private static void close(ReliableServer server) {
        server.stopListening();
        server.awaitUnused();
    }

    @Test
    void questionsAndFalseCookiesFromManyAddressesLeaveNothing() throws Exception {
        ReliableServer server = ReliableServer.bind(Connected.anyPort(), ReliableListenOptions.defaults());
        try {
            for (int i = 0; i < 500; i++) {
                long identity = random.nextLong();
                try (DatagramSocket one = socket(2 * i);
                        DatagramSocket other = socket(2 * i + 1)) {
                    byte[] challenge = ask(one, RawPackets.hello(identity), server.local);
                    ask(one, RawPackets.connect(identity, challenge, random.nextInt(128)), server.local);
                    ask(other, RawPackets.connect(identity, challenge, -1), server.local); // a good one, of another's
                    ask(one, RawPackets.connect(identity + 1, challenge, -1), server.local);
                    takeRest(one);
                    takeRest(other);
                }
                assertEquals(0, server.kept());
            }
            assertTrue(got > 0 && got <= 3 * sent, () -> "answered " + got + " of " + sent);
            try (DatagramSocket honest = socket(0)) {
                byte[] challenge = ask(honest, RawPackets.hello(7), server.local);
                byte[] accepted = ask(honest, RawPackets.connect(7, challenge, -1), server.local);
                assertEquals(4, accepted[8], "only the cookies were wrong");
                assertTrue(server.kept() > 0);
            }
        } finally {
            close(server);
        }
    }

    @Test
    void whatProvesNoAddressLeavesNoSessionAndGetsNoMoreThanThreeTimesItsBytes() throws Exception {
        try (ReliableListener<String> listener = ReliableDatagrams.listen(Connected.anyPort(), Codecs.utf8());
                DatagramSocket socket = socket(1);
                DatagramSocket hello = socket(2)) {
            socket.setReceiveBufferSize(1 << 20);
            for (int i = 0; i < 2000; i++) {
                byte[] bytes = RawPackets.any(random, i);
                send(socket, bytes, listener.localAddress());
                sent += bytes.length;
            }
            ask(hello, RawPackets.hello(random.nextLong()), listener.localAddress()); // looked at after all before it
            takeRest(socket);
            assertTrue(got > 0 && got <= sent, "answered " + got + " of " + sent);
            assertEquals(0, listener.sessions());
            assertTrue(listener.corrupt() > 0);
            try (ReliableConnection<String> client = ReliableDatagrams.connect(listener.localAddress(), Codecs.utf8());
                    ReliableConnection<String> server = listener.accept()) {
                client.send("still served");
                assertEquals("still served", server.receive());
            }
        }
    }
}

package org.jvmipc.sockets.bench;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import org.jvmipc.Address;
import org.jvmipc.Codecs;
import org.jvmipc.Connection;
import org.jvmipc.process.ChildJvm;
import org.jvmipc.process.JvmLauncher;
import org.jvmipc.process.ParentJvm;
import org.jvmipc.sockets.FaultyLink;
import org.jvmipc.sockets.FaultyLinkOptions;
import org.jvmipc.sockets.LinkFaults;
import org.jvmipc.sockets.ReliableConnection;
import org.jvmipc.sockets.ReliableDatagrams;
import org.jvmipc.sockets.ReliableListener;
import org.jvmipc.testkit.bench.Measurement;

/**
 * How fast messages pass between two JVMs over reliable datagrams, perhaps through a link that loses some of both directions'; the link is in the
 * parent. See {@link Measurement}.
 *
 * <pre>PIN=same|cross|none CPUS=0,1 config/bench org.jvmipc.sockets.bench.ReliableBench rtt|tput|batch SIZE N [LOSS]</pre>
 *
 * <p>LOSS is a probability; {@code 0} is a clean link. The parent's statistics go to stderr. The same over TCP is {@link SocketBench}.
 */
public final class ReliableBench {
    private static final String CONNECTION = "connection";

    private ReliableBench() {}

    /** Runs one measurement. */
    public static void main(String[] words) throws Exception {
        if (words.length < 3) {
            System.err.println("usage: ReliableBench rtt|tput|batch SIZE N [LOSS]");
            System.exit(2);
        }
        String name = words.length > 3 ? "ours.rudp.link" + words[3] : "ours.rudp";
        Measurement measurement = new Measurement(name, words[0], words[1], words[2]);
        if (ParentJvm.isPresent()) {
            ParentJvm parent = ParentJvm.get();
            try (Connection<ByteBuffer> connection = parent.connection(CONNECTION, Codecs.buffers())) {
                connection.send(ByteBuffer.allocate(0)); // so that it can be accepted
                parent.ready();
                measurement.child(connection, connection);
            }
            return;
        }
        InetSocketAddress any = new InetSocketAddress("127.0.0.1", 0);
        try (ReliableListener<ByteBuffer> listener = ReliableDatagrams.listen(any, Codecs.buffers())) {
            if (words.length == 3) {
                parent(measurement, listener, listener.address(), words);
                return;
            }
            LinkFaults faults = LinkFaults.none().withLoss(Double.parseDouble(words[3]));
            try (FaultyLink link = FaultyLink.open(
                    listener.localAddress(), FaultyLinkOptions.defaults().withFaults(faults))) {
                Address address =
                        Address.of("rudp://127.0.0.1:" + link.address().getPort());
                parent(measurement, listener, address, words);
                System.err.println(link.backward());
            }
        }
    }

    private static void parent(
            Measurement measurement, ReliableListener<ByteBuffer> listener, Address address, String[] words)
            throws Exception {
        JvmLauncher launcher = JvmLauncher.of(ReliableBench.class)
                .jvmArguments("-XX:+UseSerialGC", "-Xms256m", "-Xmx256m")
                .handOver(CONNECTION, address)
                .arguments(words);
        try (ChildJvm child = launcher.start()) {
            child.awaitReady();
            try (ReliableConnection<ByteBuffer> connection = listener.accept()) {
                connection.receive();
                measurement.parent(connection, connection, child);
                System.err.println(connection.statistics());
            }
            child.awaitExit();
        }
    }
}

package org.jvmipc.sockets.bench;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jvmipc.Address;
import org.jvmipc.Codecs;
import org.jvmipc.Connection;
import org.jvmipc.Ipc;
import org.jvmipc.Listener;
import org.jvmipc.process.ChildJvm;
import org.jvmipc.process.JvmLauncher;
import org.jvmipc.process.ParentJvm;
import org.jvmipc.testkit.bench.Measurement;

/**
 * How fast framed messages pass between two JVMs over a connection whose threads block in their receives; or the same over
 * bare Netty, whose event loop hands what comes to the thread that waits. See {@link Measurement}.
 *
 * <pre>PIN=same|cross|none CPUS=0,1 config/bench org.jvmipc.sockets.bench.SocketBench rtt|tput|batch SIZE N tcp|uds [netty]</pre>
 */
public final class SocketBench {
    private static final String CONNECTION = "connection";

    private SocketBench() {}

    /** Runs one measurement. */
    public static void main(String[] words) throws Exception {
        if (words.length < 4) {
            System.err.println("usage: SocketBench rtt|tput|batch SIZE N tcp|uds [netty]");
            System.exit(2);
        }
        boolean netty = words.length > 4;
        Measurement measurement =
                new Measurement((netty ? "netty." : "ours.") + words[3], words[0], words[1], words[2]);
        if (ParentJvm.isPresent()) {
            child(measurement, netty, Integer.parseInt(words[1]));
            return;
        }
        Path directory = Files.createTempDirectory("socket-bench");
        try {
            Address address = words[3].equals("tcp")
                    ? Address.of("tcp://127.0.0.1:0")
                    : Address.of("uds", directory.resolve("s").toString());
            if (netty) {
                nettyParent(measurement, address, words);
            } else {
                parent(measurement, address, words);
            }
        } finally {
            Files.deleteIfExists(directory.resolve("s"));
            Files.delete(directory);
        }
    }

    private static JvmLauncher launcher(Address address, String[] words) {
        return JvmLauncher.of(SocketBench.class)
                .jvmArguments("-XX:+UseSerialGC", "-Xms256m", "-Xmx256m")
                .handOver(CONNECTION, address)
                .arguments(words);
    }

    private static void parent(Measurement measurement, Address address, String[] words) throws Exception {
        try (Listener<ByteBuffer> listener = Ipc.listener(address, Codecs.buffers());
                ChildJvm child = launcher(listener.address(), words).start()) {
            child.awaitReady();
            try (Connection<ByteBuffer> connection = listener.accept()) {
                measurement.parent(connection, connection, child);
            }
            child.awaitExit();
        }
    }

    private static void nettyParent(Measurement measurement, Address address, String[] words) throws Exception {
        int size = Integer.parseInt(words[1]);
        try (NettyConnection.Server server = NettyConnection.listen(address, size);
                ChildJvm child = launcher(server.address(), words).start()) {
            child.awaitReady();
            try (NettyConnection connection = server.accept()) {
                measurement.parent(connection, connection, child);
            }
            child.awaitExit();
        }
    }

    private static void child(Measurement measurement, boolean netty, int size) throws Exception {
        ParentJvm parent = ParentJvm.get();
        if (netty) {
            try (NettyConnection connection = NettyConnection.connect(parent.address(CONNECTION), size)) {
                parent.ready();
                measurement.child(connection, connection);
            }
            return;
        }
        try (Connection<ByteBuffer> connection = parent.connection(CONNECTION, Codecs.buffers())) {
            parent.ready();
            measurement.child(connection, connection);
        }
    }
}

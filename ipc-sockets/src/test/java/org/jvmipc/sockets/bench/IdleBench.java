package org.jvmipc.sockets.bench;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jvmipc.Codecs;
import org.jvmipc.process.ChildJvm;
import org.jvmipc.process.JvmLauncher;
import org.jvmipc.process.ParentJvm;
import org.jvmipc.sockets.ListenOptions;
import org.jvmipc.sockets.SocketConnection;
import org.jvmipc.sockets.SocketServer;
import org.jvmipc.sockets.Tcp;
import org.jvmipc.sockets.TcpListener;

/**
 * What so many idle connections cost a server: its resident memory before and with them, in KiB, and its open descriptors.
 *
 * <pre>config/bench org.jvmipc.sockets.bench.IdleBench N handler|blocking</pre>
 */
public final class IdleBench {
    private IdleBench() {}

    /** Runs one measurement. */
    public static void main(String[] words) throws Exception {
        if (words.length < 2) {
            System.err.println("usage: IdleBench N handler|blocking");
            System.exit(2);
        }
        if (ParentJvm.isPresent()) {
            serve(words[1].equals("handler"), Integer.parseInt(words[2]));
            return;
        }
        int count = Integer.parseInt(words[0]);
        int port;
        try (SocketServer free = Tcp.serve(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                Codecs.bytes(),
                ListenOptions.defaults(),
                () -> (connection, message) -> {})) {
            port = free.localAddress().getPort();
        }
        JvmLauncher launcher = JvmLauncher.of(IdleBench.class)
                .jvmArguments("-XX:+UseSerialGC", "-Xmx256m")
                .arguments(words)
                .arguments(Integer.toString(port));
        List<SocketChannel> callers = new ArrayList<>();
        try (ChildJvm server = launcher.start()) {
            server.awaitReady();
            long before = resident(server.pid());
            for (int i = 0; i < count; i++) {
                callers.add(SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port)));
            }
            String[] open;
            do {
                Thread.sleep(200);
                open = new java.io.File("/proc/" + server.pid() + "/fd").list();
            } while (open == null || open.length < count);
            long with = resident(server.pid());
            System.out.println("{\"name\":\"idle." + words[1] + "\",\"n\":" + count + ",\"before_kib\":" + before
                    + ",\"with_kib\":" + with + ",\"descriptors\":" + open.length + "}");
            server.kill();
        } finally {
            for (SocketChannel caller : callers) {
                caller.close();
            }
        }
    }

    private static long resident(long pid) throws Exception {
        for (String line : Files.readAllLines(Path.of("/proc/" + pid + "/status"))) {
            if (line.startsWith("VmRSS:")) {
                return Long.parseLong(line.replaceAll("\\D", ""));
            }
        }
        return -1;
    }

    private static void serve(boolean byHandler, int port) throws Exception {
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        ListenOptions options = ListenOptions.defaults().withBacklog(1024);
        if (byHandler) {
            Tcp.serve(address, Codecs.bytes(), options, () -> (connection, message) -> connection.send(message));
            ParentJvm.get().ready();
            Thread.currentThread().join();
        }
        List<SocketConnection<byte[]>> connections = new ArrayList<>();
        try (TcpListener<byte[]> listener = Tcp.listen(address, Codecs.bytes(), options)) {
            ParentJvm.get().ready();
            while (true) {
                connections.add(listener.accept());
            }
        }
    }
}

package org.jvmipc.sockets;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.jvmipc.Codecs;
import org.jvmipc.PeerGoneException;
import org.jvmipc.process.ChildJvm;
import org.jvmipc.testkit.Await;
import org.jvmipc.testkit.Campaign;
import org.jvmipc.testkit.ChildMain;

/** More callers than a server has descriptors for: it serves those that it can, and goes on when they have left. */
@Timeout(value = 240, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class CrowdIT {
    private static final int DESCRIPTORS = 256;
    private static final int AT_ONCE = 400;

    @Test
    void aServerOutOfDescriptorsGoesOn() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/prlimit")), "prlimit(1) is not installed");
        InetSocketAddress address = freePort();
        try (ChildJvm server = ChildMain.launcher(
                        EchoServer.class, "tcp://127.0.0.1:" + address.getPort() + "?backlog=512")
                .start()) {
            server.awaitReady();
            limit(server.pid());
            long before = residentKibibytes(server.pid());
            int connects = Campaign.size(800, 10_000);
            for (int done = 0; done < connects; done += AT_ONCE) {
                crowd(address);
            }
            assertServes(server, address);
            long grown = residentKibibytes(server.pid()) - before;
            assertTrue(grown < 128 * 1024, "grew by " + grown + " KiB");
            server.kill();
        }
    }

    private static InetSocketAddress freePort() throws Exception {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return new InetSocketAddress(InetAddress.getLoopbackAddress(), free.getLocalPort());
        }
    }

    private static void limit(long pid) throws Exception {
        Process process = new ProcessBuilder(
                        "/usr/bin/prlimit", "--pid", Long.toString(pid), "--nofile=" + DESCRIPTORS + ":" + DESCRIPTORS)
                .inheritIO()
                .start();
        assertEquals(0, process.waitFor());
    }

    private static void crowd(InetSocketAddress address) throws Exception {
        List<SocketChannel> callers = new ArrayList<>();
        try {
            for (int i = 0; i < AT_ONCE; i++) {
                callers.add(SocketChannel.open(address));
            }
        } finally {
            for (SocketChannel caller : callers) {
                caller.close();
            }
        }
    }

    private static void assertServes(ChildJvm server, InetSocketAddress address) throws Exception {
        Await.until("the server serves again", () -> {
            try (SocketConnection<String> client = Tcp.connect(address, Codecs.utf8())) {
                client.send("still there?");
                String answer = client.tryReceive(Duration.ofSeconds(5));
                return (server.pid() + ": still there?").equals(answer);
            } catch (PeerGoneException e) {
                return false; // cut off: one of the crowd's places is not free yet
            }
        });
    }

    private static long residentKibibytes(long pid) throws Exception {
        for (String line : Files.readAllLines(Path.of("/proc/" + pid + "/status"))) {
            if (line.startsWith("VmRSS:")) {
                return Long.parseLong(line.replaceAll("\\D", ""));
            }
        }
        throw new AssertionError("no VmRSS of " + pid);
    }
}

package org.jvmipc.sockets;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.jvmipc.Codecs;
import org.jvmipc.PeerGoneException;
import org.jvmipc.testkit.Campaign;
import org.jvmipc.testkit.Jvms;
import org.jvmipc.testkit.NoLeaks;
import org.jvmipc.testkit.Payloads;

/**
 * Between two network namespaces of this test's own, over a pair of virtual Ethernet devices where the kernel drops a fifth of what comes
 * to either side: {@code unshare(1)}, {@code ip(8)}, and {@code tc(8)} with netem or {@code nft(8)}.
 */
@ExtendWith(NoLeaks.class)
@Timeout(value = 600, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ReliableNamespacesIT {
    private static final long SEED = 11;
    private static final int SENDER = 1;
    private static final int MESSAGES = Campaign.size(10_000, 100_000);
    private static final int LARGEST_BYTES = 2_000;
    private static final int LOSS_PERCENT = 20;

    /** Of the block for documentation, RFC 5737: no machine has them. */
    private static final String RECEIVER = "192.0.2.2";

    private static final String SENDERS = "192.0.2.1";
    private static final int PORT = 7000;

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final String NETEM = "tc qdisc add dev %s root netem loss " + LOSS_PERCENT + "%%";
    private static final String NFT =
            "nft 'add table inet t; add chain inet t i { type filter hook input priority 0; };"
                    + " add rule inet t i meta l4proto udp numgen random mod 100 < " + LOSS_PERCENT + " drop'";

    /** "$@" is the JVM with its class path; the other namespace lives as long as the first process in it. */
    private static final String SCRIPT =
            """
            set -e
            unshare --net sleep 600 & other=$!
            trap 'kill $other' EXIT
            until [ "$(readlink /proc/$other/ns/net)" != "$(readlink /proc/$$/ns/net)" ]; do :; done
            there() { nsenter --net=/proc/$other/ns/net "$@"; }
            ip link add there type veth peer name here
            ip link set here netns $other
            ip addr add SENDER/24 dev there; ip link set there up
            there ip addr add RECEIVER/24 dev here; there ip link set here up
            LOSS_THERE
            there sh -c "LOSS_HERE"
            there "$@" receive > RESULT & receiver=$!
            "$@" send
            wait $receiver
            """;

    @TempDir
    Path directory;

    private static boolean works(String command) throws InterruptedException {
        try {
            Process process = new ProcessBuilder("unshare", "--net", "sh", "-c", command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return process.waitFor() == 0;
        } catch (IOException e) {
            return false;
        }
    }

    private String script(Path result) throws InterruptedException {
        assumeTrue(
                works("ip link add there type veth peer name here"),
                "no network namespaces with virtual Ethernet devices can be made here, or unshare or ip is missing");
        boolean netem = works("ip link set lo up && " + NETEM.formatted("lo"));
        assumeTrue(netem || works(NFT), "neither netem (tc) nor numgen (nft) is there to drop packets");
        return SCRIPT.replace("SENDER", SENDERS)
                .replace("RECEIVER", RECEIVER)
                .replace("LOSS_THERE", netem ? NETEM.formatted("there") : NFT)
                .replace("LOSS_HERE", netem ? NETEM.formatted("here") : NFT)
                .replace("RESULT", result.toString());
    }

    @Test
    void everyMessageOnceInOrderThoughAFifthOfThePacketsIsLost() throws Exception {
        Path result = directory.resolve("result");
        Path log = directory.resolve("log");
        List<String> command = new ArrayList<>(List.of("unshare", "--net", "bash", "-c", script(result), "bash"));
        command.add(Jvms.java().toString());
        command.addAll(Jvms.FAST_START);
        Collections.addAll(
                command, "-cp", System.getProperty("java.class.path"), Program.class.getName(), "" + MESSAGES);
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        int code = process.waitFor();
        assertEquals(0, code, Files.readString(log, StandardCharsets.UTF_8));
        assertEquals(
                MESSAGES + " verified, then CLOSED", Files.readString(result).strip());
    }

    /** Both sides. */
    static final class Program {
        private Program() {}

        /** With the number of messages, and {@code receive} or {@code send}. */
        public static void main(String[] args) throws Exception {
            int messages = Integer.parseInt(args[0]);
            InetSocketAddress place = new InetSocketAddress(InetAddress.getByName(RECEIVER), PORT);
            ReliableOptions options =
                    ReliableOptions.defaults().withInsecure(true).withLinger(PATIENCE);
            if (args[1].equals("receive")) {
                receive(place, options);
            } else {
                send(place, options, messages);
            }
        }

        private static void receive(InetSocketAddress place, ReliableOptions options) throws Exception {
            try (ReliableListener<byte[]> welcome = ReliableDatagrams.listen(
                            place,
                            Codecs.bytes(),
                            ReliableListenOptions.defaults().withReliable(options));
                    ReliableConnection<byte[]> in = welcome.accept()) {
                long next = 0;
                while (true) {
                    byte[] message;
                    try {
                        message = in.receive();
                    } catch (PeerGoneException e) {
                        System.out.println(next + " verified, then " + e.reason());
                        return;
                    }
                    Payloads.Tag tag = Payloads.verifyTagged(SEED, message);
                    assertEquals(next, tag.seq());
                    next++;
                }
            }
        }

        private static void send(InetSocketAddress place, ReliableOptions options, int messages) throws Exception {
            ReliableConnection<byte[]> out = ReliableDatagrams.tryConnect(place, Codecs.bytes(), options, PATIENCE);
            if (out == null) {
                throw new IOException("no server within " + PATIENCE);
            }
            try (out) {
                for (int seq = 0; seq < messages; seq++) {
                    int size = Payloads.TAGGED_MIN + (int) Math.floorMod(Payloads.mix(seq), (long) LARGEST_BYTES);
                    out.send(Payloads.tagged(SEED, SENDER, seq, size));
                }
            }
            System.out.println(out.statistics());
        }
    }
}

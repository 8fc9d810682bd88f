package org.jvmipc.sockets;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The datagram sockets of this network namespace, by {@code /proc/net/udp} and {@code udp6}; see {@code proc_net(5)}. The
 * kernel writes a line for each:
 *
 * <pre>
 *   sl  local_address rem_address   st tx_queue rx_queue tr tm-&gt;when retrnsmt   uid  timeout inode ref pointer drops
 *   12: 0100007F:1B58 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 4711  2 ffff...  0
 * </pre>
 *
 * <p>An address is in words of 32 bits, each as this machine has it in memory; numbers are hexadecimal up to the retransmits.
 */
final class UdpTable {
    private static final int LOCAL = 1;
    private static final int REMOTE = 2;
    private static final int QUEUES = 4;
    private static final int UID = 7;
    private static final int INODE = 9;
    private static final int DROPS = 12;

    private UdpTable() {}

    /**
     * A socket.
     *
     * @param remote null if it is not connected
     * @param sending bytes that wait to go out
     * @param waiting bytes that wait to be received, the kernel's bookkeeping included
     * @param dropped datagrams that the kernel has thrown away there
     */
    record Row(
            InetSocketAddress local,
            @Nullable InetSocketAddress remote,
            long sending,
            long waiting,
            int uid,
            long inode,
            long dropped) {}

    /** All of them. */
    static List<Row> rows() throws IOException {
        List<Row> rows = new ArrayList<>();
        for (String table : List.of("/proc/net/udp", "/proc/net/udp6")) {
            rows.addAll(rows(Path.of(table)));
        }
        return rows;
    }

    private static List<Row> rows(Path table) throws IOException {
        List<String> lines;
        try {
            lines = Files.readAllLines(table);
        } catch (NoSuchFileException e) {
            return List.of(); // a kernel without IPv6
        }
        List<Row> rows = new ArrayList<>();
        for (String line : lines.subList(Math.min(1, lines.size()), lines.size())) {
            rows.add(row(line));
        }
        return rows;
    }

    /** The socket that takes what is sent to the address from anybody; null if there is none. */
    static @Nullable Row find(InetSocketAddress place) throws IOException {
        for (Row row : rows()) {
            if (row.remote() == null && row.local().equals(place)) {
                return row;
            }
        }
        return null;
    }

    private static Row row(String line) throws IOException {
        String[] words = line.trim().split("\\s+", -1);
        try {
            InetSocketAddress remote = address(words[REMOTE]);
            String[] queues = words[QUEUES].split(":", -1);
            return new Row(
                    address(words[LOCAL]),
                    remote.getPort() == 0 ? null : remote,
                    Long.parseLong(queues[0], 16),
                    Long.parseLong(queues[1], 16),
                    (int) Long.parseLong(words[UID]),
                    Long.parseLong(words[INODE]),
                    Long.parseLong(words[DROPS]));
        } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
            throw new IOException("/proc/net/udp has a line that is none of a socket: " + line, e);
        }
    }

    private static InetSocketAddress address(String word) throws UnknownHostException {
        int colon = word.indexOf(':');
        ByteBuffer host = ByteBuffer.allocate(colon / 2).order(ByteOrder.nativeOrder());
        for (int at = 0; at < colon; at += 8) {
            host.putInt((int) Long.parseLong(word.substring(at, at + 8), 16));
        }
        return new InetSocketAddress(
                InetAddress.getByAddress(host.array()), Integer.parseInt(word.substring(colon + 1), 16));
    }

    /** The processes that have the socket open, as far as this user may look into them, in ascending order. */
    static List<Long> holders(long inode) throws IOException {
        String wanted = "socket:[" + inode + "]";
        List<Long> holders = new ArrayList<>();
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (Path process : processes) {
                if (has(process, wanted)) {
                    holders.add(Long.parseLong(String.valueOf(process.getFileName())));
                }
            }
        }
        holders.sort(null);
        return holders;
    }

    private static boolean has(Path process, String wanted) {
        try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(process.resolve("fd"))) {
            for (Path descriptor : descriptors) {
                if (isLinkTo(descriptor, wanted)) {
                    return true;
                }
            }
        } catch (IOException | java.nio.file.DirectoryIteratorException e) {
            return false; // it has ended, or may not be looked into
        }
        return false;
    }

    private static boolean isLinkTo(Path descriptor, String wanted) {
        try {
            return Files.readSymbolicLink(descriptor).toString().equals(wanted);
        } catch (IOException e) {
            return false; // closed meanwhile
        }
    }
}

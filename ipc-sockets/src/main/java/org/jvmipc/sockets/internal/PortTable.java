package org.jvmipc.sockets.internal;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The kernel's tables of the ports of a protocol, {@code /proc/net/tcp} and {@code tcp6}, of this network namespace; see
 * proc(5). Addresses stand there as 32-bit words of the machine's order, here little-endian.
 *
 * <pre>
 *   sl  local_address rem_address   st tx_queue:rx_queue tr:tm->when retrnsmt   uid  timeout inode ... drops (udp)
 *    0: 0100007F:1B58 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 12345 ...
 * </pre>
 */
public final class PortTable {
    /** Those of TCP. */
    public static final PortTable TCP = new PortTable("tcp");

    /** Those of UDP. */
    public static final PortTable UDP = new PortTable("udp");

    private static final int LISTENING = 0x0A;
    private static final int ESTABLISHED = 0x01;
    private static final int UDP_BOUND = 0x07;
    private static final int HEX = 16;
    private static final int WORD = 8;
    private static final int LOCAL = 1;
    private static final int REMOTE = 2;
    private static final int STATE = 3;
    private static final int QUEUES = 4;
    private static final int UID = 7;
    private static final int INODE = 9;
    private static final int DROPS = 12;

    private final Path ipv4;
    private final Path ipv6;

    private PortTable(String protocol) {
        this(Path.of("/proc/net"), protocol);
    }

    /** One whose two files are there. */
    PortTable(Path directory, String protocol) {
        this.ipv4 = directory.resolve(protocol);
        this.ipv6 = directory.resolve(protocol + "6");
    }

    /**
     * A socket.
     *
     * @param state as the kernel counts them
     * @param sendQueue bytes that wait to go out
     * @param receiveQueue bytes that were not taken; of a listening socket callers that were not accepted
     * @param uid its owner
     * @param inode its number, as in {@code /proc/PID/fd}
     * @param drops of UDP: datagrams that were dropped
     */
    public record Row(
            InetSocketAddress local,
            InetSocketAddress remote,
            int state,
            long sendQueue,
            long receiveQueue,
            int uid,
            long inode,
            long drops) {
        /** Whether connections are accepted there. */
        public boolean isListening() {
            return state == LISTENING;
        }

        /** Whether it is connected. */
        public boolean isEstablished() {
            return state == ESTABLISHED;
        }
    }

    /** All that are bound to the port, of any address. */
    public List<Row> port(int port) throws IOException {
        List<Row> rows = new ArrayList<>();
        add(rows, ipv4, port);
        add(rows, ipv6, port);
        return rows;
    }

    /**
     * Those of the addresses to which a socket is bound, in whatever state; the table is read once for all of them. The kernel gives it
     * piece by piece: where sockets are closed meanwhile, a reading may leave out another one, which is still there.
     *
     * @throws IOException if the table cannot be read, or has a line that is none: then nothing is known of anybody
     */
    public Set<InetSocketAddress> bound(Collection<InetSocketAddress> asked) throws IOException {
        Map<String, List<InetSocketAddress>> ports = new HashMap<>();
        for (InetSocketAddress each : asked) {
            ports.computeIfAbsent(suffix(each.getPort()), port -> new ArrayList<>())
                    .add(each);
        }
        Set<InetSocketAddress> bound = new HashSet<>();
        addBound(bound, ipv4, ports);
        try {
            addBound(bound, ipv6, ports);
        } catch (NoSuchFileException e) {
            // a kernel without IPv6
        }
        return bound;
    }

    private static void addBound(Set<InetSocketAddress> bound, Path table, Map<String, List<InetSocketAddress>> ports)
            throws IOException {
        try (BufferedReader lines = Files.newBufferedReader(table, StandardCharsets.ISO_8859_1)) {
            String line;
            while ((line = lines.readLine()) != null) {
                String[] columns = columns(line);
                String local = columns.length > LOCAL ? columns[LOCAL] : "";
                for (InetSocketAddress each : ports.getOrDefault(local.substring(local.indexOf(':') + 1), List.of())) {
                    InetAddress host = address(local).getAddress();
                    if (host.equals(each.getAddress()) || host.isAnyLocalAddress()) {
                        bound.add(each);
                    }
                }
            }
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            throw new IOException("a line of " + table + " is none", e);
        }
    }

    private static String suffix(int port) {
        return String.format("%04X", port);
    }

    private static String[] columns(String line) {
        return line.trim().split("\\s+");
    }

    /** The one that takes what comes to the address: that listens, or of UDP is bound; null if there is none. */
    public @Nullable Row listener(InetSocketAddress address) throws IOException {
        Row any = null;
        for (Row row : port(address.getPort())) {
            if (!row.isListening() && row.state != UDP_BOUND) {
                continue;
            }
            InetAddress host = row.local.getAddress();
            if (host.equals(address.getAddress())) {
                return row;
            }
            if (host.isAnyLocalAddress()) {
                any = row;
            }
        }
        return any;
    }

    private static void add(List<Row> rows, Path table, int port) throws IOException {
        List<String> lines;
        try {
            lines = Files.readAllLines(table, StandardCharsets.ISO_8859_1);
        } catch (NoSuchFileException e) {
            return; // a kernel without IPv6
        }
        String suffix = ":" + suffix(port);
        for (String line : lines) {
            String[] columns = columns(line);
            if (columns.length > INODE && columns[LOCAL].endsWith(suffix)) {
                rows.add(row(columns));
            }
        }
    }

    private static Row row(String[] columns) throws IOException {
        int colon = columns[QUEUES].indexOf(':');
        return new Row(
                address(columns[LOCAL]),
                address(columns[REMOTE]),
                Integer.parseInt(columns[STATE], HEX),
                Long.parseLong(columns[QUEUES].substring(0, colon), HEX),
                Long.parseLong(columns[QUEUES].substring(colon + 1), HEX),
                Integer.parseUnsignedInt(columns[UID]),
                Long.parseLong(columns[INODE]),
                columns.length > DROPS ? drops(columns[DROPS]) : 0);
    }

    private static long drops(String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            return 0; // TCP has something else there
        }
    }

    private static InetSocketAddress address(String text) throws UnknownHostException {
        int colon = text.indexOf(':');
        byte[] host = new byte[colon / 2];
        for (int word = 0; word < colon; word += WORD) {
            int value = Integer.parseUnsignedInt(text.substring(word, word + WORD), HEX);
            for (int i = 0; i < Integer.BYTES; i++) {
                host[word / 2 + i] = (byte) (value >> (i * Byte.SIZE));
            }
        }
        return new InetSocketAddress(InetAddress.getByAddress(host), Integer.parseInt(text.substring(colon + 1), HEX));
    }
}

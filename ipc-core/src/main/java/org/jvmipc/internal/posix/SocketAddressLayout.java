package org.jvmipc.internal.posix;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.jvmipc.LimitException;

/**
 * {@code struct sockaddr} in memory, in the three forms that are used here; the same on every architecture of Linux.
 *
 * <pre>
 *   sockaddr_in   family 0 (u16)  port 2 (u16, big-endian)  address 4 (4 bytes)                                  16 bytes
 *   sockaddr_in6  family 0 (u16)  port 2 (u16, big-endian)  flow 4 (u32)  address 8 (16 bytes)  scope 24 (u32)   28 bytes
 *   sockaddr_un   family 0 (u16)  path 2 (at most 107 bytes and a zero)                                         110 bytes
 * </pre>
 */
final class SocketAddressLayout {
    /** Room for the largest. */
    static final int BYTES = 112;

    /** The longest path of a Unix domain socket, in bytes; {@code unix(7)}. */
    static final int MAX_PATH_BYTES = 107;

    private static final int FAMILY = 0;
    private static final int PORT = 2;
    private static final int IN_ADDRESS = 4;
    private static final int IN_BYTES = 16;
    private static final int IN6_ADDRESS = 8;
    private static final int IN6_SCOPE = 24;
    private static final int IN6_BYTES = 28;
    private static final int UN_PATH = 2;

    private SocketAddressLayout() {}

    static int family(InetSocketAddress address) {
        return address.getAddress() instanceof Inet6Address ? Sockets.AF_INET6 : Sockets.AF_INET;
    }

    /**
     * Writes an address of the internet.
     *
     * @return its length
     */
    static int put(ByteBuffer target, int at, InetSocketAddress address) {
        InetAddress host = address.getAddress();
        int family = family(address);
        target.putShort(at + FAMILY, (short) family);
        target.put(at + PORT, (byte) (address.getPort() >> 8));
        target.put(at + PORT + 1, (byte) address.getPort());
        if (family == Sockets.AF_INET) {
            target.putLong(at + IN_ADDRESS + 4, 0);
            target.put(at + IN_ADDRESS, host.getAddress());
            return IN_BYTES;
        }
        target.putInt(at + 4, 0);
        target.put(at + IN6_ADDRESS, host.getAddress());
        target.putInt(at + IN6_SCOPE, ((Inet6Address) host).getScopeId());
        return IN6_BYTES;
    }

    /**
     * Writes the address of a Unix domain socket.
     *
     * @return its length
     * @throws LimitException if the path is longer than the kernel takes
     */
    static int put(ByteBuffer target, int at, String path) throws LimitException {
        byte[] bytes = Calls.zeroEnded(path);
        if (bytes.length - 1 > MAX_PATH_BYTES) {
            throw new LimitException(
                    "uds:" + path + ": its path has " + (bytes.length - 1) + " bytes",
                    "sun_path",
                    MAX_PATH_BYTES,
                    "use a shorter path, or a bare name in the runtime directory");
        }
        target.putShort(at + FAMILY, (short) Sockets.AF_UNIX);
        target.put(at + UN_PATH, bytes);
        return UN_PATH + bytes.length;
    }

    /** The address of the internet that the kernel has written; null if it is another kind, or none. */
    static @Nullable InetSocketAddress internet(ByteBuffer source, int at, int length) {
        int family = length < 2 ? 0 : source.getShort(at + FAMILY);
        boolean four = family == Sockets.AF_INET && length >= IN_BYTES;
        if (!four && (family != Sockets.AF_INET6 || length < IN6_BYTES)) {
            return null;
        }
        byte[] host = new byte[four ? 4 : 16];
        source.get(at + (four ? IN_ADDRESS : IN6_ADDRESS), host);
        int port = ((source.get(at + PORT) & 0xff) << 8) | (source.get(at + PORT + 1) & 0xff);
        try {
            InetAddress address = four
                    ? Inet4Address.getByAddress(host)
                    : Inet6Address.getByAddress(null, host, scope(source.getInt(at + IN6_SCOPE)));
            return new InetSocketAddress(address, port);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address of " + host.length + " bytes was refused", e);
        }
    }

    /** An address without a scope is one that names none. */
    private static int scope(int written) {
        return written == 0 ? -1 : written;
    }

    /** The path of a Unix domain socket that the kernel has written; null if it has no path. */
    static @Nullable String path(ByteBuffer source, int at, int length) {
        if (length <= UN_PATH || source.getShort(at + FAMILY) != Sockets.AF_UNIX || source.get(at + UN_PATH) == 0) {
            return null;
        }
        int end = Math.min(at + length, source.capacity());
        int from = at + UN_PATH;
        int to = from;
        while (to < end && source.get(to) != 0) {
            to++;
        }
        byte[] bytes = new byte[to - from];
        source.get(from, bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }
}

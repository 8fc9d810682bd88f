package org.jvmipc.internal.posix;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Where a datagram comes from or goes to: in the memory that the call takes, and as an object, which is made anew only when
 * the address is another one than before.
 *
 * <p>One object is for sending, or for receiving.
 *
 * <p><b>Thread safety.</b> None: it belongs to whoever makes the call.
 */
public final class DatagramAddress {
    /** Behind the address, what the kernel takes for its room and answers as its length. */
    private static final int LENGTH_AT = SocketAddressLayout.BYTES;

    private final NativeBuffer memory = new NativeBuffer(LENGTH_AT + Integer.BYTES);
    private final ByteBuffer seen = memory.bytes().duplicate();
    private final ByteBuffer known = ByteBuffer.allocate(SocketAddressLayout.BYTES);
    private @Nullable InetSocketAddress object;
    private int length;

    /** Puts in an address to send to. */
    public void set(InetSocketAddress address) {
        if (!address.equals(object)) {
            length = SocketAddressLayout.put(memory.bytes(), 0, address);
            object = address;
        }
    }

    /** The address that the last receive has found. */
    public InetSocketAddress get() {
        int now = Math.min(SocketAddressLayout.BYTES, memory.bytes().getInt(LENGTH_AT));
        seen.limit(now).position(0);
        known.limit(length).position(0);
        InetSocketAddress before = object;
        if (before != null && now == length && seen.mismatch(known) < 0) {
            return before;
        }
        known.limit(now);
        known.put(0, seen, 0, now);
        length = now;
        InetSocketAddress found = SocketAddressLayout.internet(memory.bytes(), 0, now);
        if (found == null) {
            throw new IllegalStateException("a datagram came without the address of its sender");
        }
        InetSocketAddress plain = plain(found);
        object = plain;
        return plain;
    }

    /** The same without the scope 0 of IPv6, which is none, and would show as {@code ::1%0}. */
    public static InetSocketAddress plain(InetSocketAddress address) {
        if (!(address.getAddress() instanceof Inet6Address six) || six.getScopeId() != 0) {
            return address;
        }
        try {
            return new InetSocketAddress(InetAddress.getByAddress(six.getAddress()), address.getPort());
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address of 16 bytes was refused", e);
        }
    }

    long address() {
        return memory.address();
    }

    int length() {
        return length;
    }

    /** Makes room for what the next receive finds: where its length is to be. */
    long room() {
        memory.bytes().putInt(LENGTH_AT, SocketAddressLayout.BYTES);
        return memory.address() + LENGTH_AT;
    }
}

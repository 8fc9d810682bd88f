package org.jvmipc.sockets.internal.reliable;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * What proves that who asks for a session gets what is sent to his address, without anything being remembered of him: a keyed
 * MAC (HMAC-SHA-256, cut to 128 bits) of address, identity and time, as SYN cookies and the cookies of DTLS (RFC 6347, 4.2.1) are.
 * The key is this server's alone, so an earlier one's cookies are worth nothing.
 */
public final class Cookies {
    public static final int KEY_BYTES = 32;

    /** So long a cookie is good. */
    static final long LIFETIME_NANOS = 10_000_000_000L;

    private static final String ALGORITHM = "HmacSHA256";

    private final Mac mac;

    /** Those of a key, which must be random and nobody else's. */
    public Cookies(byte[] key) {
        try {
            mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(key, ALGORITHM));
        } catch (NoSuchAlgorithmException | InvalidKeyException e) {
            throw new IllegalStateException("every Java has " + ALGORITHM, e);
        }
    }

    byte[] make(InetSocketAddress address, long identity, long time) {
        byte[] host = address.getAddress().getAddress();
        ByteBuffer what = ByteBuffer.allocate(host.length + Integer.BYTES + 2 * Long.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(host)
                .putInt(address.getPort())
                .putLong(identity)
                .putLong(time)
                .flip();
        mac.update(what);
        return Arrays.copyOf(mac.doFinal(), RudpLayout.COOKIE_MAC_BYTES);
    }

    /** Whether the packet brings back what was given to this address not long ago. */
    boolean isGood(InetSocketAddress address, ByteBuffer connect, long now) {
        long time = connect.getLong(RudpLayout.COOKIE_TIME_AT);
        if (now - time < 0 || now - time > LIFETIME_NANOS) {
            return false;
        }
        byte[] brought = new byte[RudpLayout.COOKIE_MAC_BYTES];
        connect.get(RudpLayout.COOKIE_MAC_AT, brought);
        return MessageDigest.isEqual(brought, make(address, RudpLayout.identity(connect), time));
    }
}

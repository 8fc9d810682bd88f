package org.jvmipc.sockets.internal.reliable;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/**
 * The packets of reliable datagrams. Little-endian; a packet is a whole datagram, and says itself how long it is.
 *
 * <pre>
 *   0        4        8    9    10   12       16              24
 *   +--------+--------+----+----+----+--------+---------------+
 *   | R U D 1| CRC-32C|type|flag|rngs|payload |   identity    |      every packet
 *   +--------+--------+----+----+----+--------+---------------+
 *
 *   24              32              40       44       48       52       56       60       64
 *   +---------------+---------------+--------+--------+--------+--------+--------+--------+--------+- - - +
 *   |   sequence    | acknowledged  | window |  time  |  echo  |  held  |doubled | zeros  | ranges | data |   of a session
 *   +---------------+---------------+--------+--------+--------+--------+--------+--------+--------+- - - +
 *
 *   24              32              48              56       60       64       68         96
 *   +---------------+---------------+---------------+--------+--------+--------+- - - - - +
 *   | cookie's time | cookie's MAC  |first sequence | window | packet |message | zeros    |      of a handshake
 *   +---------------+---------------+---------------+--------+--------+--------+- - - - - +
 * </pre>
 *
 * <ul>
 *   <li>CRC-32C of the whole packet, with zeros in its own place;
 *   <li>identity: the client's of a handshake, the session's of all others;
 *   <li>sequence: counts packets modulo 2^64; acknowledged: the first that is not here yet;
 *   <li>window: so many packets from <i>acknowledged</i> on have a place;
 *   <li>time: the sender's clock in us modulo 2^32; echo: the newest <i>time</i> that came; held: how long ago that was, in us;
 *   <li>doubled: of an ACK or a NACK, how many packets have come twice;
 *   <li>data: messages one behind the other, each behind its length in 32 bits, and cut where a packet is full; a length is in
 *       one packet;
 *   <li>ranges: each 32 bits from <i>acknowledged</i> to its first packet, 32 bits for how many. Of an ACK those that are here,
 *       of a NACK those that are missing.
 * </ul>
 * In an ACCEPT the session's identity takes the place of the cookie's time.
 */
public final class RudpLayout {
    /** The bytes {@code R U D}, and the version. */
    static final int MAGIC = 'R' | ('U' << 8) | ('D' << 16) | (1 << 24);

    static final int MAGIC_AT = 0;
    static final int CHECKSUM_AT = 4;
    static final int TYPE_AT = 8;
    static final int FLAGS_AT = 9;
    static final int RANGES_AT = 10;
    static final int PAYLOAD_BYTES_AT = 12;
    static final int IDENTITY_AT = 16;
    static final int COMMON_BYTES = 24;

    static final int SEQUENCE_AT = 24;
    static final int ACKNOWLEDGED_AT = 32;
    static final int WINDOW_AT = 40;
    static final int TIME_AT = 44;
    static final int ECHO_AT = 48;
    static final int HELD_AT = 52;

    /** Of an ACK or a NACK. */
    static final int DOUBLED_AT = 56;

    static final int SESSION_BYTES = 64;
    static final int RANGE_BYTES = 8;

    static final int COOKIE_TIME_AT = 24;
    static final int ACCEPTED_SESSION_AT = 24;
    static final int COOKIE_MAC_AT = 32;
    static final int COOKIE_MAC_BYTES = 16;
    static final int FIRST_SEQUENCE_AT = 48;
    static final int OFFERED_WINDOW_AT = 56;
    static final int OFFERED_PACKET_AT = 60;
    static final int OFFERED_MESSAGE_AT = 64;
    static final int HANDSHAKE_BYTES = 96;

    /** A server's answer to an address that is not proven: shorter than any question. */
    static final int CHALLENGE_BYTES = 48;

    /** Asks for a cookie. */
    static final int HELLO = 1;

    /** Has a cookie, and nothing is remembered of it. */
    static final int CHALLENGE = 2;

    /** Brings the cookie back. */
    static final int CONNECT = 3;

    /** Has the session. */
    static final int ACCEPT = 4;

    /** The server takes no more. */
    static final int REFUSE = 5;

    /** There is no such session here. */
    static final int RESET = 6;

    /** Messages, or parts of some. */
    static final int DATA = 7;

    /** What has come. */
    static final int ACK = 8;

    /** What is missing. */
    static final int NACK = 9;

    /** Asks for an ACK. */
    static final int PING = 10;

    /** There is no DATA behind this one. */
    static final int FIN = 11;

    /** Sent by the side that was connected to, so that a packet that is sent back is none. */
    static final int FROM_SERVER = 1;

    /** Who sends this takes no more messages. */
    static final int NOT_RECEIVING = 2;

    /** Echo and held are given. */
    static final int HAS_ECHO = 4;

    /** The other's NOT_RECEIVING has come. */
    static final int KNOWS_FAREWELL = 8;

    static final int MOST_RANGES = 32;

    /** The smallest packet that a side may ask for: room for an ACK with all ranges. */
    public static final int LEAST_PACKET_BYTES = SESSION_BYTES + MOST_RANGES * RANGE_BYTES;

    /** The largest: what UDP over IPv4 takes. */
    public static final int MOST_PACKET_BYTES = 65_507;

    /** The most packets of a window. */
    public static final int MOST_WINDOW = 1 << 16;

    private RudpLayout() {}

    /** Begins a packet of so many bytes: all of its header zeros but magic, type, flags, identity. */
    static void begin(ByteBuffer packet, int type, int flags, long identity, int bytes) {
        packet.clear().limit(bytes).order(ByteOrder.LITTLE_ENDIAN);
        int header = bytes == HANDSHAKE_BYTES ? HANDSHAKE_BYTES : Math.min(bytes, SESSION_BYTES);
        for (int at = 0; at < header; at += Long.BYTES) {
            packet.putLong(at, 0);
        }
        packet.putInt(MAGIC_AT, MAGIC);
        packet.put(TYPE_AT, (byte) type);
        packet.put(FLAGS_AT, (byte) flags);
        packet.putLong(IDENTITY_AT, identity);
    }

    /** Ends a packet, of the buffer's position 0 to its limit. */
    static void seal(ByteBuffer packet) {
        packet.position(0);
        packet.putInt(CHECKSUM_AT, 0);
        packet.putInt(CHECKSUM_AT, checksum(packet));
    }

    private static int checksum(ByteBuffer packet) {
        CRC32C crc = new CRC32C();
        crc.update(packet);
        packet.position(0);
        return (int) crc.getValue();
    }

    /** Whether what is between position 0 and the limit is a packet as this class says, undamaged; it may be written to. */
    public static boolean isWhole(ByteBuffer packet) {
        packet.position(0).order(ByteOrder.LITTLE_ENDIAN);
        if (packet.limit() < COMMON_BYTES || packet.getInt(MAGIC_AT) != MAGIC || packet.limit() != lengthSaid(packet)) {
            return false;
        }
        int said = packet.getInt(CHECKSUM_AT);
        packet.putInt(CHECKSUM_AT, 0);
        int counted = checksum(packet);
        packet.putInt(CHECKSUM_AT, said);
        return said == counted;
    }

    /** How long the packet is by its own account; -1 if it says nothing possible. */
    private static long lengthSaid(ByteBuffer packet) {
        long payload = Integer.toUnsignedLong(packet.getInt(PAYLOAD_BYTES_AT));
        int ranges = Short.toUnsignedInt(packet.getShort(RANGES_AT));
        int type = packet.get(TYPE_AT);
        boolean mayHaveRanges = type == ACK || type == NACK;
        if ((type != DATA && payload != 0) || (!mayHaveRanges && ranges != 0) || ranges > MOST_RANGES) {
            return -1;
        }
        return switch (type) {
            case HELLO, CONNECT, ACCEPT -> HANDSHAKE_BYTES;
            case CHALLENGE -> CHALLENGE_BYTES;
            case REFUSE, RESET -> COMMON_BYTES;
            case DATA, ACK, NACK, PING, FIN -> SESSION_BYTES + payload + (long) ranges * RANGE_BYTES;
            default -> -1;
        };
    }

    static int type(ByteBuffer packet) {
        return packet.get(TYPE_AT);
    }

    static boolean hasFlag(ByteBuffer packet, int flag) {
        return (packet.get(FLAGS_AT) & flag) != 0;
    }

    static long identity(ByteBuffer packet) {
        return packet.getLong(IDENTITY_AT);
    }
}

package org.jvmipc.sockets;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.SplittableRandom;
import java.util.zip.CRC32C;

/** Packets of reliable datagrams as a stranger makes them, by docs/protocols/rudp.md. */
final class RawPackets {
    private static final int HELLO = 1;
    private static final int CONNECT = 3;
    private static final int PING = 10;
    private static final int COOKIE_AT = 24;
    private static final int COOKIE_BYTES = 24;
    private static final int[] BYTES = {0, 96, 48, 96, 96, 24, 24, 64, 64, 64, 64, 64};

    private RawPackets() {}

    static byte[] hello(long identity) {
        return packet(HELLO, identity, null);
    }

    /** Whole ones of all types with no meaning, and some that are damaged. */
    static byte[] any(SplittableRandom random, int number) {
        byte[] packet = packet(1 + number % (BYTES.length - 1), random.nextLong(), random);
        if (number % 5 == 0) {
            packet[random.nextInt(packet.length)] ^= (byte) (1 << random.nextInt(8));
        }
        return packet;
    }

    /** What brings the cookie of a challenge back, with an offer that may be made; a bit of its MAC is turned if asked for. */
    static byte[] connect(long identity, byte[] challenge, int wrongBit) {
        byte[] bytes = packet(CONNECT, identity, null);
        ByteBuffer packet = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        packet.put(COOKIE_AT, challenge, COOKIE_AT, COOKIE_BYTES);
        if (wrongBit >= 0) {
            int at = COOKIE_AT + Long.BYTES + wrongBit / Byte.SIZE;
            packet.put(at, (byte) (packet.get(at) ^ (1 << wrongBit % Byte.SIZE)));
        }
        packet.putInt(56, 128).putInt(60, 1232).putInt(64, 65_536);
        seal(packet);
        return bytes;
    }

    /** Asks in a session, of which the packet of ACCEPT tells. */
    static byte[] ping(byte[] accept) {
        ByteBuffer accepted = ByteBuffer.wrap(accept).order(ByteOrder.LITTLE_ENDIAN);
        byte[] bytes = packet(PING, accepted.getLong(24), null);
        ByteBuffer packet = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        packet.putLong(32, accepted.getLong(48)).putInt(40, 128);
        seal(packet);
        return bytes;
    }

    private static byte[] packet(int type, long identity, @org.jspecify.annotations.Nullable SplittableRandom random) {
        byte[] bytes = new byte[BYTES[type]];
        if (random != null) {
            random.nextBytes(bytes);
        }
        ByteBuffer packet = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        packet.put(0, new byte[] {'R', 'U', 'D', 1});
        packet.put(8, (byte) type).put(9, (byte) 0).putShort(10, (short) 0).putInt(12, 0);
        packet.putLong(16, identity);
        seal(packet);
        return bytes;
    }

    private static void seal(ByteBuffer packet) {
        packet.putInt(4, 0);
        CRC32C checksum = new CRC32C();
        checksum.update(packet.array());
        packet.putInt(4, (int) checksum.getValue());
    }
}

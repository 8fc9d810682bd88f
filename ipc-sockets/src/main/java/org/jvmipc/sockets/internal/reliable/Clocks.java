package org.jvmipc.sockets.internal.reliable;

import java.nio.ByteBuffer;

/** The times that packets carry: one's own, and the other side's newest as an echo, with how long it was held. */
final class Clocks {
    /** What was held for longer than this is not echoed: nobody waits for it. */
    private static final long MOST_HELD_NANOS = 10_000_000_000L;

    private static final int NANOS_PER_MICRO = 1000;

    private boolean heard;
    private int newest;
    private long cameNanos;
    private int measuredEcho;
    private boolean measured;

    /** Its time of sending is the newest, unless it was overtaken. */
    void came(ByteBuffer packet, long now) {
        int time = packet.getInt(RudpLayout.TIME_AT);
        if (!heard || time - newest > 0) {
            heard = true;
            newest = time;
            cameNanos = now;
        }
    }

    /** What the packet's echo says of the round trip; -1 if it says nothing new. */
    long roundTripNanos(ByteBuffer packet, long now) {
        int echo = packet.getInt(RudpLayout.ECHO_AT);
        if (!RudpLayout.hasFlag(packet, RudpLayout.HAS_ECHO) || (measured && echo - measuredEcho <= 0)) {
            return -1;
        }
        measured = true;
        measuredEcho = echo;
        int whole = (int) (now / NANOS_PER_MICRO) - echo;
        int held = packet.getInt(RudpLayout.HELD_AT);
        return held < 0 || whole < held ? -1 : (long) (whole - held) * NANOS_PER_MICRO;
    }

    int flags(long now) {
        return isEchoed(now) ? RudpLayout.HAS_ECHO : 0;
    }

    void write(ByteBuffer packet, long now) {
        packet.putInt(RudpLayout.TIME_AT, (int) (now / NANOS_PER_MICRO));
        if (isEchoed(now)) {
            packet.putInt(RudpLayout.ECHO_AT, newest);
            packet.putInt(RudpLayout.HELD_AT, (int) ((now - cameNanos) / NANOS_PER_MICRO));
        }
    }

    private boolean isEchoed(long now) {
        return heard && now - cameNanos <= MOST_HELD_NANOS;
    }
}

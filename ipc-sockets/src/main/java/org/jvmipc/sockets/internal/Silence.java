package org.jvmipc.sockets.internal;

import java.time.Duration;
import java.util.function.Consumer;
import org.jvmipc.Address;
import org.jvmipc.PeerGoneException;
import org.jvmipc.internal.Units;

/**
 * How long the other side may be silent: the time to the first message, and the time without any. A message counts when it is
 * whole, so nobody keeps a connection by a byte now and then.
 *
 * <p><b>Thread safety.</b> Any thread may call any method.
 */
public final class Silence {
    private static final long NONE = Long.MAX_VALUE;

    private final long handshakeNanos;
    private final long idleNanos;
    private final boolean isBounded;
    private final long began = System.nanoTime();
    private volatile long since = began;
    private volatile boolean heard;
    private volatile boolean handling;

    public Silence(Duration handshake, Duration idle) {
        this.handshakeNanos = nanos(handshake);
        this.idleNanos = nanos(idle);
        this.isBounded = handshakeNanos != NONE || idleNanos != NONE;
    }

    private static long nanos(Duration duration) {
        if (duration.isZero()) {
            return NONE;
        }
        return duration.toSeconds() >= NONE / 1_000_000_000 ? NONE : duration.toNanos();
    }

    /** Whether there is a limit at all. */
    public boolean isBounded() {
        return isBounded;
    }

    /** A whole message has come. */
    public void heard() {
        if (isBounded) {
            heard = true;
            since = System.nanoTime();
        }
    }

    /** A whole message has come, and as long as the handler has it the other side is not the one that is waited for. */
    public <T> void handle(Consumer<? super T> handler, T message) {
        heard = true;
        handling = true;
        try {
            handler.accept(message);
        } finally {
            since = System.nanoTime();
            handling = false;
        }
    }

    /** A message has gone: the other side may need its time for it. */
    public void spoke() {
        if (isBounded) {
            since = System.nanoTime();
        }
    }

    /** Whether it has lasted too long. */
    public boolean isOver() {
        return isBounded && left().isZero();
    }

    /** How long to wait for a message, at most. */
    public Duration left() {
        long now = System.nanoTime();
        long idle = idleNanos == NONE ? NONE : idleNanos - (handling ? 0 : now - since);
        long handshake = heard || handshakeNanos == NONE ? NONE : handshakeNanos - (now - began);
        return Duration.ofNanos(Math.max(0, Math.min(idle, handshake)));
    }

    /** What it means that this time has passed. */
    public PeerGoneException over(Address address) {
        boolean handshake = !heard && handshakeNanos != NONE;
        String limit = Units.formatDuration(Duration.ofNanos(handshake ? handshakeNanos : idleNanos));
        return new PeerGoneException(
                PeerGoneException.Reason.UNKNOWN,
                address,
                handshake
                        ? "no whole message has come within " + limit + " (handshakeTimeout); the connection is closed"
                        : "no whole message has come for " + limit + " (idleTimeout); the connection is closed");
    }
}

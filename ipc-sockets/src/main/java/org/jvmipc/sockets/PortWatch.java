package org.jvmipc.sockets;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;

/**
 * Whether those who are on this machine and do not answer still have their ports: of that the kernel's table tells, as it says so by itself only
 * to a connected socket. The table may be long, so it is read once for all who are silent, and no more than a twentieth of the time is spent on
 * it. One reading may leave out who is there, so who is missing is looked for once more: see {@link PortLooks}.
 *
 * <p><b>Thread safety.</b> None, but {@link #missing} needs no lock.
 */
final class PortWatch {
    /** The kernel's table. */
    interface Ports {
        /** Those of the addresses that a socket is bound to. */
        Set<InetSocketAddress> bound(Collection<InetSocketAddress> asked) throws IOException;
    }

    /** Who is alive answers within this, mostly; and so long it is from one look to the next at least. */
    static final long ANSWER_NANOS = 30_000_000;

    static final int SHARE = 20;

    private final Ports ports;
    private Set<InetSocketAddress> asked = new HashSet<>();
    private long next = Long.MIN_VALUE;

    /** By then what the looks have taken is a twentieth of the time. */
    private long paid = Long.MIN_VALUE;

    PortWatch(Ports ports) {
        this.ports = ports;
    }

    /** When one may be looked for who has not answered since then. */
    long earliest(long since) {
        return Math.max(since + ANSWER_NANOS, next);
    }

    /** To be looked for the next time. */
    void ask(InetSocketAddress silent) {
        asked.add(silent);
    }

    boolean isAsked() {
        return !asked.isEmpty();
    }

    /** All who are to be looked for, for {@link #missing}. */
    Set<InetSocketAddress> take() {
        Set<InetSocketAddress> taken = asked;
        asked = new HashSet<>();
        return taken;
    }

    /** Those whose ports nobody has; none if nothing can be known. */
    Set<InetSocketAddress> missing(Set<InetSocketAddress> silent) {
        try {
            Set<InetSocketAddress> missing = new HashSet<>(silent);
            missing.removeAll(ports.bound(silent));
            return missing;
        } catch (IOException | RuntimeException e) {
            return Set.of(); // silence will tell
        }
    }

    /** It has taken from then to then. A second look is not put off for the first one's time: who is new waits for both. */
    void looked(long begun, long ended) {
        paid = Math.max(begun, paid) + SHARE * (ended - begun);
        next = Math.max(ended + ANSWER_NANOS, paid);
    }
}

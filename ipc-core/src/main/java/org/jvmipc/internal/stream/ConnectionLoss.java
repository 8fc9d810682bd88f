package org.jvmipc.internal.stream;

import org.jvmipc.Address;
import org.jvmipc.PeerGoneException;
import org.jvmipc.internal.posix.Errno;

/** The errors by which the kernel says that a connection is no more: it was reset, or the peer's host has fallen silent. */
final class ConnectionLoss {
    private ConnectionLoss() {}

    static boolean isLoss(int errno) {
        return switch (errno) {
            case Errno.ECONNRESET, Errno.ECONNABORTED, Errno.ETIMEDOUT, Errno.EHOSTUNREACH, Errno.ENETUNREACH -> true;
            default -> false;
        };
    }

    static PeerGoneException of(int errno, Address address) {
        String why = errno == Errno.ECONNRESET || errno == Errno.ECONNABORTED
                ? "the connection was reset: the other side died, or closed without taking what it was sent"
                : "the other side's host does not answer any more";
        return new PeerGoneException(
                PeerGoneException.Reason.DIED,
                address,
                why + ": " + Errno.text(errno) + " (" + Errno.name(errno) + ")");
    }
}

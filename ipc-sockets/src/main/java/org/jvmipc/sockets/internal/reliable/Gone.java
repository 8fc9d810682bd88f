package org.jvmipc.sockets.internal.reliable;

import org.jvmipc.PeerGoneException;

/**
 * Why there is nobody on the other side any more.
 *
 * @param detail in words
 */
public record Gone(PeerGoneException.Reason reason, String detail) {
    public static final Gone CLOSED = new Gone(PeerGoneException.Reason.CLOSED, "the other side has closed");
    public static final Gone RESTARTED = new Gone(
            PeerGoneException.Reason.DIED,
            "the other side knows no such session any more: it was started again, or has ended");
    public static final Gone REPLACED = new Gone(
            PeerGoneException.Reason.DIED,
            "a new session has come from the same address: the other side was started again");
    public static final Gone UNREACHABLE =
            new Gone(PeerGoneException.Reason.DIED, "nobody has the other side's port any more");
    public static final Gone BROKEN = new Gone(
            PeerGoneException.Reason.UNKNOWN, "what the other side sent is no messages, or larger ones than are taken");

    public static final Gone UNSETTLED =
            new Gone(PeerGoneException.Reason.UNKNOWN, "the other side does not take what was sent before the close");
    public static final Gone INCOMPLETE =
            new Gone(PeerGoneException.Reason.UNKNOWN, "a message could not be taken whole for sending");
    public static final Gone STOPPED =
            new Gone(PeerGoneException.Reason.UNKNOWN, "the thread of this socket has ended");

    /** Something that must not happen has happened on this side. */
    public static Gone failed(Throwable error) {
        return new Gone(PeerGoneException.Reason.UNKNOWN, "an error on this side: " + error);
    }

    static Gone silent(long nanos) {
        return new Gone(PeerGoneException.Reason.UNKNOWN, "nothing has come for " + nanos / 1_000_000 + " ms");
    }
}

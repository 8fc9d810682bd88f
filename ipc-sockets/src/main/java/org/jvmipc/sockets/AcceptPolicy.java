package org.jvmipc.sockets;

/**
 * Decides of each caller whether he is accepted or refused, before a byte of his is read. One who is refused finds the
 * connection closed.
 *
 * <pre>{@code
 * ListenOptions options = ListenOptions.defaults()
 *         .withPolicy(AcceptPolicy.sameUser().and(caller -> caller.connections() < 100));
 * }</pre>
 *
 * <p><b>Thread safety.</b> Called by whatever thread accepts, by several at a time where several do. It must not wait; what it throws refuses the caller, and is thrown by
 * a blocking accept.
 */
@FunctionalInterface
public interface AcceptPolicy {
    /** Whether he is accepted. */
    boolean accepts(Caller caller);

    /** Everybody. */
    static AcceptPolicy everybody() {
        return caller -> true;
    }

    /**
     * Over a Unix domain socket processes of this process's effective user; what the directory and the mode of the socket let
     * in besides is refused. Everybody over TCP, which does not know users. The default.
     */
    static AcceptPolicy sameUser() {
        return SameUser.POLICY;
    }

    /** Who both accept. */
    default AcceptPolicy and(AcceptPolicy other) {
        return caller -> accepts(caller) && other.accepts(caller);
    }
}

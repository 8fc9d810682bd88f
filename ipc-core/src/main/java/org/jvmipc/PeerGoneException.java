package org.jvmipc;

/**
 * The other side of the channel is gone, and all it had sent was taken. Learned from the kernel (end of file,
 * {@code EPIPE}, a lock released, a pidfd), never guessed from silence.
 */
public final class PeerGoneException extends IpcException {
    private static final long serialVersionUID = 1L;

    /** How the other side went. */
    public enum Reason {
        /** It said goodbye, or the stream has no goodbye (raw bytes, lines) and ended. */
        CLOSED,
        /** It went without goodbye: killed, crashed, or ended without closing its endpoint. */
        DIED,
        /** It is gone; the mechanism cannot tell how. */
        UNKNOWN
    }

    private final Reason reason;
    private final Address address;

    /**
     * An error of the form {@code <address>: <detail>}.
     *
     * @param address the endpoint that noticed it
     * @param detail what was seen, in words
     */
    public PeerGoneException(Reason reason, Address address, String detail) {
        super(address + ": " + detail);
        this.reason = reason;
        this.address = address;
    }

    /** How the other side went. */
    public Reason reason() {
        return reason;
    }

    /** The endpoint that noticed it. */
    public Address address() {
        return address;
    }
}

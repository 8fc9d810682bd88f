package org.jvmipc;

import java.util.OptionalLong;

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
    private final long pid;

    /**
     * An error of the form {@code <address>: <detail>}.
     *
     * @param address the endpoint that noticed it
     * @param detail what was seen, in words
     */
    public PeerGoneException(Reason reason, Address address, String detail) {
        this(reason, address, 0, detail);
    }

    /**
     * The same of a peer that is known by its number.
     *
     * @param pid its process's number, 0 if unknown
     */
    public PeerGoneException(Reason reason, Address address, long pid, String detail) {
        super(address + ": " + detail);
        this.reason = reason;
        this.address = address;
        this.pid = pid;
    }

    /** How the other side went. */
    public Reason reason() {
        return reason;
    }

    /** The endpoint that noticed it. */
    public Address address() {
        return address;
    }

    /** The number that the peer's process had, where the mechanism knows it: of one of several senders of a FIFO. */
    public OptionalLong pid() {
        return pid == 0 ? OptionalLong.empty() : OptionalLong.of(pid);
    }
}

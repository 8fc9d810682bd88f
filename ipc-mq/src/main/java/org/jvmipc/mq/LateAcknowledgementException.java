package org.jvmipc.mq;

import org.jvmipc.IpcException;

/**
 * The lease of a delivery had run out, and another consumer has the message since; or it was acknowledged or given back before.
 * Nothing was changed: whoever has the message now is to acknowledge it.
 */
public final class LateAcknowledgementException extends IpcException {
    private static final long serialVersionUID = 1L;

    private final long index;

    /** An error about the message with this index. */
    public LateAcknowledgementException(String message, long index) {
        super(message);
        this.index = index;
    }

    /** The message's number in its queue. */
    public long index() {
        return index;
    }
}

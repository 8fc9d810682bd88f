package org.jvmipc.mq;

import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.jvmipc.Address;
import org.jvmipc.mq.internal.InboxEnvelope;

/**
 * A message as it was put into an {@link Inbox}, with what its sender says of it.
 *
 * <p><b>Thread safety.</b> Immutable, as far as the body is.
 *
 * @param kind what it is
 * @param sender number of the sender's process as it says, in its pid namespace; 0 if it does not. Nobody has proven it
 * @param replyTo the inbox where the answer goes; null of what wants none
 * @param number of the request, which its answer carries too; 0 of a plain message
 * @param body the message
 * @param <T> what a message is in Java
 */
public record InboxMessage<T>(Kind kind, long sender, @Nullable Address replyTo, long number, T body) {
    /** What a message is. */
    public enum Kind {
        /** One that wants no answer. */
        MESSAGE,
        /** One that wants an answer. */
        REQUEST,
        /** An answer. */
        REPLY
    }

    static <T> InboxMessage<T> of(InboxEnvelope envelope, T body) {
        Kind kind =
                switch (envelope.kind()) {
                    case InboxEnvelope.REQUEST -> Kind.REQUEST;
                    case InboxEnvelope.REPLY -> Kind.REPLY;
                    default -> Kind.MESSAGE;
                };
        return new InboxMessage<>(kind, envelope.pid(), envelope.replyTo(), envelope.correlation(), body);
    }

    /** The number that the answer has to carry; empty if none is expected. */
    public OptionalLong correlation() {
        return kind == Kind.MESSAGE ? OptionalLong.empty() : OptionalLong.of(number);
    }
}

package org.jvmipc.signals;

import java.util.OptionalLong;

/**
 * How signals are received.
 *
 * <pre>{@code
 * Signals.receive(SignalOptions.defaults().withUser(1000), PosixSignal.realTime(1));
 * }</pre>
 *
 * <p><b>Thread safety.</b> Immutable.
 *
 * @param user whose signals alone are delivered; those of others, and of senders unknown, are taken and dropped
 */
public record SignalOptions(OptionalLong user) {
    private static final long MAX_USER = 0xffff_ffffL - 1;

    private static final SignalOptions DEFAULTS = new SignalOptions(OptionalLong.empty());

    /** Checks the value. */
    public SignalOptions {
        if (user.isPresent() && (user.getAsLong() < 0 || user.getAsLong() > MAX_USER)) {
            throw new IllegalArgumentException("a user is 0 to " + MAX_USER + ", not " + user.getAsLong());
        }
    }

    /** Everybody's signals. */
    public static SignalOptions defaults() {
        return DEFAULTS;
    }

    /** Those of this user alone. */
    public SignalOptions withUser(long uid) {
        return new SignalOptions(OptionalLong.of(uid));
    }

    boolean accepts(SignalEvent event) {
        return user.isEmpty() || user.equals(event.uid());
    }
}

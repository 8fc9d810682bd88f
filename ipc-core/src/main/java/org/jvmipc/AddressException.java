package org.jvmipc;

import org.jspecify.annotations.Nullable;
import org.jvmipc.internal.Quoted;

/**
 * A text is no {@link Address}, or not one that fits here: which text, why, and, where there is one, what was probably
 * meant. The message has the form {@code "fifi:x": unknown scheme fifi; did you mean fifo:?}.
 *
 * <p>Unchecked: a mistake of whoever wrote the address, not of the machine.
 */
public final class AddressException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    private final String value;
    private final String reason;
    private final @Nullable String suggestion;

    /**
     * An error of one address.
     *
     * @param value the bad text as it was given
     * @param reason what is wrong with it, a clause without a full stop
     * @param suggestion what was probably meant, or null
     */
    public AddressException(String value, String reason, @Nullable String suggestion) {
        this(value, reason, suggestion, null);
    }

    /** An error of one address, with what led to it. */
    public AddressException(String value, String reason, @Nullable String suggestion, @Nullable Throwable cause) {
        super(
                Quoted.of(value) + ": " + reason + (suggestion == null ? "" : "; did you mean " + suggestion + "?"),
                cause);
        this.value = value;
        this.reason = reason;
        this.suggestion = suggestion;
    }

    /** The bad text as it was given. Not fit for a terminal as it is; the message is. */
    public String value() {
        return value;
    }

    /** What is wrong with it, without the suggestion. */
    public String reason() {
        return reason;
    }

    /** What was probably meant, to be put in the place of the wrong part; null if nothing comes near. */
    public @Nullable String suggestion() {
        return suggestion;
    }
}

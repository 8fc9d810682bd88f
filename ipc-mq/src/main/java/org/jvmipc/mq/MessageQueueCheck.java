package org.jvmipc.mq;

import java.util.List;

/**
 * What a look at every message of a queue has found.
 *
 * @param messages how many are whole
 * @param bytes how many bytes were looked at
 * @param damages what is damaged or missing, with indices, file and place, a line each
 * @param isComplete whether all was looked at in the time there was
 */
public record MessageQueueCheck(long messages, long bytes, List<String> damages, boolean isComplete) {
    /** Keeps a copy of the list. */
    public MessageQueueCheck {
        damages = List.copyOf(damages);
    }

    /** Whether all that was looked at is whole. */
    public boolean isWhole() {
        return damages.isEmpty();
    }
}

package org.jvmipc.mq.internal;

import java.io.IOException;
import java.util.concurrent.ThreadLocalRandom;
import org.jvmipc.Address;
import org.jvmipc.process.ProcessIdentity;

/**
 * The names of inboxes for answers, {@code PID.answers-RANDOM}, and the numbers of the first requests. Pids come again: what an earlier
 * process of the same pid has asked, and is answered late, must neither find an inbox of this one nor a number that it waits for.
 */
public final class AnswerNames {
    private static final String FORM = ".answers-";

    private AnswerNames() {}

    /** Another one of this process. */
    public static Address next() {
        return Address.of(InboxNames.SCHEME, ProcessIdentity.self().pid() + FORM + Long.toHexString(random()));
    }

    /** The number before that of a requester's first request. */
    public static long number() {
        return random();
    }

    /** Seeded with both clocks of the system, to the nanosecond: another one in each process, and no secret. */
    private static long random() {
        return ThreadLocalRandom.current().nextLong();
    }

    /** Removes the inboxes for answers that dead processes have left; those of other names are for their next owners to take. */
    public static void removeLeft() throws IOException {
        InboxNames.RINGS.removeStale(address -> address.contains(FORM));
    }
}

package org.jvmipc.mq.internal;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jvmipc.Address;
import org.jvmipc.process.ProcessIdentity;

/** The names of inboxes for answers, {@code PID.answers-NUMBER}. */
public final class AnswerNames {
    private static final AtomicInteger COUNT = new AtomicInteger();

    private AnswerNames() {}

    /** Another one of this process. */
    public static Address next() {
        return Address.of(InboxNames.SCHEME, ProcessIdentity.self().pid() + ".answers-" + COUNT.incrementAndGet());
    }

    /** Removes the inboxes that dead processes have left, of whatever name: nobody can send into them any more. */
    public static void removeLeft() throws IOException {
        InboxNames.RINGS.scheme().removeStale(false);
    }
}

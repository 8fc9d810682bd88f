package org.jvmipc.mq;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jvmipc.Address;
import org.jvmipc.Codec;
import org.jvmipc.process.ProcessIdentity;
import org.jvmipc.testkit.Ends;

/** Inboxes of the tests, under names of their own. */
final class Inboxes {
    static final int CAPACITY = 256 << 10;

    static final int LARGEST = CAPACITY / 2 - 16;

    static final InboxOptions SMALL = InboxOptions.defaults().withSenders(9).withCapacity(CAPACITY);

    private static final AtomicInteger COUNT = new AtomicInteger();

    private Inboxes() {}

    /** A name that nobody has. */
    static Address address() {
        return Address.of("inbox", "test-" + ProcessIdentity.self().pid() + "-" + COUNT.incrementAndGet());
    }

    /** Both ends of a new inbox. */
    static <T> Ends<T> ends(Codec<T> codec, InboxOptions options) throws IOException {
        Inbox<T> inbox = Inbox.open(address(), codec, options);
        boolean done = false;
        try {
            Ends<T> ends = new Ends<>(Inbox.openSender(inbox.address(), codec), inbox);
            done = true;
            return ends;
        } finally {
            if (!done) {
                inbox.close();
            }
        }
    }
}

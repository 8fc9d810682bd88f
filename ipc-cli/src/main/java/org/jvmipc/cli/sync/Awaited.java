package org.jvmipc.cli.sync;

import java.io.Closeable;
import java.io.IOException;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.jvmipc.internal.Deadline;

/** What {@code ipc wait} waits for, of one scheme. */
interface Awaited extends Closeable {
    /**
     * What came of it.
     *
     * @param facts what there is to say of it in JSON
     * @param dead the lock whose last holder died with it; null if none did
     */
    record Outcome(Map<String, Object> facts, @Nullable String dead) {
        Outcome(Map<String, Object> facts) {
            this(facts, null);
        }
    }

    /**
     * Waits.
     *
     * @param telling is told what is waited for from now on
     * @return null if the deadline passed first; nothing is changed
     */
    @Nullable
    Outcome await(Deadline deadline, Consumer<String> telling) throws InterruptedException;

    /** Why it has not come, after the deadline has passed. */
    String missing();

    @Override
    void close() throws IOException;
}

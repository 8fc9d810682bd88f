package org.jvmipc.cli.sync;

import java.io.Closeable;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.jvmipc.cli.frame.Waits;
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

        /** Of a lock of that name: what is said in JSON, its last holder's death with it. */
        static Outcome ofLock(String key, Object value, boolean previousOwnerDied, String name) {
            Map<String, Object> facts = new LinkedHashMap<>();
            facts.put(key, value);
            facts.put("previousOwnerDied", previousOwnerDied);
            return new Outcome(facts, previousOwnerDied ? name : null);
        }
    }

    /**
     * Waits.
     *
     * @param waits is told what is waited for from now on
     * @return null if the deadline passed first; nothing is changed
     */
    @Nullable
    Outcome await(Deadline deadline, Waits waits) throws InterruptedException;

    /** Why it has not come, after the deadline has passed. */
    String missing();

    /** What was waited for after the deadline, and how long, to be said after {@link #missing}; empty if nothing was. */
    default String afterwards() {
        return "";
    }

    @Override
    void close() throws IOException;
}

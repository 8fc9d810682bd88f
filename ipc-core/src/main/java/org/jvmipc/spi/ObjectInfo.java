package org.jvmipc.spi;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.jvmipc.Address;
import org.jvmipc.Lifetime;
import org.jvmipc.process.ProcessIdentity;

/**
 * What is known of one object, and how things stand with it at this moment. One that another program made, without a record of it,
 * has no known owner.
 *
 * <p><b>Thread safety.</b> Immutable.
 *
 * @param address its canonical address
 * @param state how things stand with it
 * @param lifetime whether it is stale once its owner is dead
 * @param owner the process that it belongs to; null if that is not known
 * @param ownerAlive false only if the owner is proven dead
 * @param created when its creator began; null if that is not known
 * @param sizeBytes how much it holds, by its creator's choice; 0 if that was left to the system
 * @param users the live processes seen to use it, by pid
 */
public record ObjectInfo(
        Address address,
        State state,
        Lifetime lifetime,
        @Nullable ProcessIdentity owner,
        boolean ownerAlive,
        @Nullable Instant created,
        long sizeBytes,
        List<Long> users) {
    /** How things stand with an object. */
    public enum State {
        /** A live process uses it. */
        IN_USE,
        /** Nobody uses it; it is there for who comes. */
        IDLE,
        /** It is {@link Lifetime#OWNED}, its owner is proven dead and nobody uses it. */
        STALE,
        /** Its creator was killed before it had finished. */
        UNFINISHED,
        /** Only its record is left. */
        GONE;

        /** Whether {@link Scheme#removeStale} would do away with it. */
        public boolean isLeftOver() {
            return this == STALE || this == UNFINISHED || this == GONE;
        }
    }

    /** Keeps a copy of the list. */
    public ObjectInfo {
        users = List.copyOf(users);
    }
}

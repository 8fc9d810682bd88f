package org.jvmipc.cli.demo.ring;

import org.jspecify.annotations.Nullable;

/** What must hold in the demo {@code ring}. */
final class RingLaw {
    private static final String TO_ONE =
            "each message comes once, in the order of its producer, none is lost, doubled or corrupt; when the last producer"
                    + " has left and all is taken, the consumer is told CLOSED";
    private static final String TO_ALL =
            "each consumer gets each message once, in their order, none is lost, doubled or corrupt; when the producer has"
                    + " left and all is taken, each is told CLOSED";
    private static final String PRODUCER_KILLED =
            "a producer is killed with a message claimed and half written: what it had committed comes, once and in order, and"
                    + " nothing of the claim; consumers are told DIED, within 500 ms if it was the only one, else at the end, and the"
                    + " others go on; another producer takes its place";
    private static final String CONSUMER_KILLED =
            "the consumer is killed with a message in its hands: producers are told DIED within 500 ms; the next consumer goes"
                    + " on behind that message, none comes twice, and no other one is missing";
    private static final String ONE_OF_ALL_KILLED =
            "a consumer is killed with a message in its hands: within 500 ms the producer goes on; the other consumers get each"
                    + " message once, in their order, and one that takes its place gets all from then on";
    private static final String ALWAYS = "; the children ended as expected; nothing left behind";

    private RingLaw() {}

    /** Of this ring, with such a death. */
    static String of(RingSetup setup, @Nullable RingDeath death) {
        return text(setup.isBroadcast(), death) + ALWAYS;
    }

    private static String text(boolean broadcast, @Nullable RingDeath death) {
        if (death == null) {
            return broadcast ? TO_ALL : TO_ONE;
        }
        if (death.ofProducer()) {
            return PRODUCER_KILLED;
        }
        return broadcast ? ONE_OF_ALL_KILLED : CONSUMER_KILLED;
    }
}

package org.jvmipc.cli.demo.ring;

import java.util.Arrays;
import java.util.Locale;
import org.jvmipc.cli.demo.DemoOptions;
import org.jvmipc.shm.RingKind;
import org.jvmipc.shm.RingOptions;

/**
 * The ring of a run, and how many take part in it.
 *
 * @param producers at one time: as many as the ring has lanes
 * @param consumers at one time: as many as the ring has places for
 * @param capacityBytes of each lane
 * @param messageBytes of each message, with what the demo adds
 */
record RingSetup(RingKind kind, int producers, int consumers, int capacityBytes, int messageBytes) {
    /** Small enough that it is full now and then. */
    private static final int CAPACITY_BYTES = 64 << 10;

    private static final int SMALLEST_CAPACITY_BYTES = 1 << 10;
    private static final int LARGEST_CAPACITY_BYTES = 1 << 30;
    private static final int HEADER_BYTES = 16; // with what a message is rounded up by
    private static final int SEVERAL = 2;

    /** As the options say: the kind is one to one, with several children lanes, unless it is named. */
    static RingSetup of(DemoOptions options) {
        RingKind kind = options.kind() == null
                ? options.childrenOr(1) > 1 ? RingKind.LANES : RingKind.ONE_TO_ONE
                : kind(options.kind());
        int several = options.childrenOr(SEVERAL);
        return new RingSetup(
                kind,
                kind == RingKind.LANES ? several : 1,
                kind == RingKind.BROADCAST ? several : 1,
                capacity(options),
                options.messageBytes());
    }

    /** A kind as addresses have it. */
    static String word(RingKind kind) {
        return kind.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static RingKind kind(String word) {
        return Arrays.stream(RingKind.values())
                .filter(kind -> word(kind).equals(word))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no kind " + word));
    }

    /** What is asked for, rounded up to a power of two that the ring can have and the messages fit into. */
    private static int capacity(DemoOptions options) {
        int asked = options.capacityBytes() == 0 ? CAPACITY_BYTES : options.capacityBytes();
        int least = Math.max(SMALLEST_CAPACITY_BYTES, 2 * (options.messageBytes() + HEADER_BYTES));
        int most = Math.min(LARGEST_CAPACITY_BYTES, Math.max(asked, least));
        int power = Integer.highestOneBit(most);
        return power == most ? power : power << 1;
    }

    /** As the ring is made. */
    RingOptions options() {
        return RingOptions.defaults()
                .withKind(kind)
                .withCapacity(capacityBytes)
                .withMaxMessage(messageBytes)
                .withLanes(producers)
                .withReceivers(consumers);
    }

    boolean isBroadcast() {
        return kind == RingKind.BROADCAST;
    }
}

package org.jvmipc.shm;

import org.jvmipc.Address;
import org.jvmipc.AddressException;
import org.jvmipc.shm.internal.RingLayout;
import org.jvmipc.shm.internal.RingShape;
import org.jvmipc.shm.internal.SegmentAddress;

/**
 * How a {@link SharedRing} is made. Settled at creation, but for how one's own ends wait.
 *
 * <pre>{@code
 * RingOptions options = RingOptions.defaults().withKind(RingKind.LANES).withLanes(4).withCapacity(16 << 20);
 * }</pre>
 *
 * <p><b>Thread safety.</b> Immutable.
 *
 * @param kind who sends to whom
 * @param capacityBytes what it holds, of each lane: a power of two, 1024 to 2^30; others are refused, not rounded. A message takes
 *     8 more than it has, rounded up to a multiple of 8
 * @param maxMessageBytes the largest message; 0 for 16 MiB, or what half of the capacity holds if that is less
 * @param lanes how many senders a ring of the kind {@code LANES} may have at one time, 1 to 1024
 * @param receivers how many receivers a broadcast may have at one time, 1 to 1024
 * @param whenFull what a send does that finds it full
 * @param waiting how ends wait that are opened with these options; it is not part of the ring
 */
public record RingOptions(
        RingKind kind,
        int capacityBytes,
        int maxMessageBytes,
        int lanes,
        int receivers,
        RingFullPolicy whenFull,
        RingWaiting waiting) {
    private static final int DEFAULT_MAX_MESSAGE = 16 << 20;

    /** Checks the values. */
    public RingOptions {
        requirePlaces("lanes", lanes);
        requirePlaces("receivers", receivers);
        shape(kind, capacityBytes, maxMessageBytes, lanes, receivers, whenFull);
    }

    private static void requirePlaces(String what, int count) {
        if (count < 1 || count > RingLayout.MOST_PLACES) {
            throw new IllegalArgumentException(what + " is " + count + "; it is 1 to " + RingLayout.MOST_PLACES);
        }
    }

    /** One to one, 1 MiB, blocks when full; 8 lanes or receivers where the kind has several; looks for a moment before it sleeps. */
    public static RingOptions defaults() {
        return new RingOptions(RingKind.ONE_TO_ONE, 1 << 20, 0, 8, 8, RingFullPolicy.BLOCK, RingWaiting.ADAPTIVE);
    }

    /**
     * The defaults with what an address says: {@code kind size max-message lanes receivers full waiting}.
     *
     * @throws AddressException if there are no such options, as {@code size=3m}, which is no power of two
     */
    public static RingOptions of(Address address) {
        RingOptions defaults = defaults();
        try {
            return new RingOptions(
                    address.choice(SegmentAddress.KIND, RingKind.class, defaults.kind),
                    bounded(address, SegmentAddress.SIZE, defaults.capacityBytes),
                    bounded(address, SegmentAddress.MAX_MESSAGE, defaults.maxMessageBytes),
                    address.integer(SegmentAddress.LANES, defaults.lanes),
                    address.integer(SegmentAddress.RECEIVERS, defaults.receivers),
                    address.choice(SegmentAddress.FULL, RingFullPolicy.class, defaults.whenFull),
                    waiting(address));
        } catch (AddressException e) {
            throw e;
        } catch (IllegalArgumentException e) {
            throw new AddressException(address.toString(), String.valueOf(e.getMessage()), null);
        }
    }

    static RingWaiting waiting(Address address) {
        return address.choice(SegmentAddress.WAITING, RingWaiting.class, RingWaiting.ADAPTIVE);
    }

    private static int bounded(Address address, String key, int otherwise) {
        long bytes = address.size(key, otherwise);
        if (bytes > RingLayout.MOST_CAPACITY) {
            throw new IllegalArgumentException("parameter " + key + " is " + bytes + "; a ring has at most "
                    + RingLayout.MOST_CAPACITY + " bytes");
        }
        return (int) bytes;
    }

    /** What is written into the ring. */
    RingShape shape() {
        return shape(kind, capacityBytes, maxMessageBytes, lanes, receivers, whenFull);
    }

    private static RingShape shape(
            RingKind kind, int capacity, int maxMessage, int lanes, int receivers, RingFullPolicy whenFull) {
        int most = maxMessage == 0 ? Math.min(DEFAULT_MAX_MESSAGE, RingShape.largestMessage(capacity)) : maxMessage;
        return new RingShape(
                kind,
                capacity,
                kind == RingKind.LANES ? lanes : 1,
                kind == RingKind.BROADCAST ? receivers : 1,
                most,
                whenFull);
    }

    /** Of this kind. */
    public RingOptions withKind(RingKind choice) {
        return new RingOptions(choice, capacityBytes, maxMessageBytes, lanes, receivers, whenFull, waiting);
    }

    /**
     * Holding so many bytes, of each lane.
     *
     * @throws IllegalArgumentException if it is no power of two from 1024 to 2^30: it is not rounded
     */
    public RingOptions withCapacity(int bytes) {
        return new RingOptions(kind, bytes, maxMessageBytes, lanes, receivers, whenFull, waiting);
    }

    /** For messages of at most so many bytes. */
    public RingOptions withMaxMessage(int bytes) {
        return new RingOptions(kind, capacityBytes, bytes, lanes, receivers, whenFull, waiting);
    }

    /** For so many senders at one time. */
    public RingOptions withLanes(int count) {
        return new RingOptions(kind, capacityBytes, maxMessageBytes, count, receivers, whenFull, waiting);
    }

    /** For so many receivers at one time. */
    public RingOptions withReceivers(int count) {
        return new RingOptions(kind, capacityBytes, maxMessageBytes, lanes, count, whenFull, waiting);
    }

    /** Doing this when full. */
    public RingOptions withWhenFull(RingFullPolicy choice) {
        return new RingOptions(kind, capacityBytes, maxMessageBytes, lanes, receivers, choice, waiting);
    }

    /** With ends that wait like this. */
    public RingOptions withWaiting(RingWaiting choice) {
        return new RingOptions(kind, capacityBytes, maxMessageBytes, lanes, receivers, whenFull, choice);
    }
}

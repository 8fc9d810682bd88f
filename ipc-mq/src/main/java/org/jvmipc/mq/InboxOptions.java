package org.jvmipc.mq;

import org.jvmipc.Address;
import org.jvmipc.AddressException;
import org.jvmipc.Lifetime;
import org.jvmipc.mq.internal.InboxEnvelope;
import org.jvmipc.shm.RingFullPolicy;
import org.jvmipc.shm.RingKind;
import org.jvmipc.shm.RingOptions;
import org.jvmipc.shm.RingWaiting;
import org.jvmipc.shm.SegmentOptions;

/**
 * How an {@link Inbox} is opened by its owner.
 *
 * <pre>{@code
 * InboxOptions options = InboxOptions.defaults().withSenders(32).withCapacity(64 << 10);
 * }</pre>
 *
 * <p><b>Thread safety.</b> Immutable.
 *
 * @param senders how many may have it open to send at one time, 1 to 1024; so many times the capacity it takes of memory
 * @param capacityBytes what it holds of each sender: a power of two, 1024 to 2^30; others are refused, not rounded. A message takes 16
 *     more than it has, rounded up to a multiple of 8
 * @param maxMessageBytes the largest message; 0 for 16 MiB, or what half of the capacity holds if that is less. A request and a reply
 *     have as much less as the correlation and the address take
 * @param whenFull what a send does that finds no room
 * @param waiting how the owner's receives wait
 * @param tellsEnd whether a receive is told when the last sender has gone and all is taken, as of a FIFO or a ring; if not, an inbox has
 *     no end
 */
public record InboxOptions(
        int senders,
        int capacityBytes,
        int maxMessageBytes,
        FullPolicy whenFull,
        RingWaiting waiting,
        boolean tellsEnd) {
    private static final int DEFAULT_MAX_MESSAGE = 16 << 20;
    private static final int RING_RECORD_BYTES = 8;

    /** Processes that may be attached besides the senders: the owner, and who finds that there are too many. */
    private static final int OTHERS = 16;

    /** Checks the values. */
    public InboxOptions {
        ring(senders, capacityBytes, maxMessageBytes, whenFull, waiting);
    }

    /** 8 senders, 1 MiB of each, blocks when full, looks for a moment before it sleeps, and has no end. */
    public static InboxOptions defaults() {
        return new InboxOptions(8, 1 << 20, 0, FullPolicy.BLOCK, RingWaiting.ADAPTIVE, false);
    }

    /**
     * The defaults with what an address says: {@code senders size max-message full waiting}.
     *
     * @throws AddressException if there are no such options
     */
    public static InboxOptions of(Address address) {
        InboxOptions defaults = defaults();
        try {
            return new InboxOptions(
                    address.integer("senders", defaults.senders),
                    size(address, "size", defaults.capacityBytes),
                    size(address, "max-message", defaults.maxMessageBytes),
                    address.choice("full", FullPolicy.class, defaults.whenFull),
                    waiting(address),
                    defaults.tellsEnd);
        } catch (AddressException e) {
            throw e;
        } catch (IllegalArgumentException e) {
            throw new AddressException(address.toString(), String.valueOf(e.getMessage()), null);
        }
    }

    private static int size(Address address, String key, int otherwise) {
        return (int) Math.min(Integer.MAX_VALUE, address.size(key, otherwise));
    }

    static RingWaiting waiting(Address address) {
        return address.choice("waiting", RingWaiting.class, RingWaiting.ADAPTIVE);
    }

    /** For so many senders at one time. */
    public InboxOptions withSenders(int count) {
        return new InboxOptions(count, capacityBytes, maxMessageBytes, whenFull, waiting, tellsEnd);
    }

    /**
     * Holding so many bytes of each sender.
     *
     * @throws IllegalArgumentException if it is no power of two from 1024 to 2^30: it is not rounded
     */
    public InboxOptions withCapacity(int bytes) {
        return new InboxOptions(senders, bytes, maxMessageBytes, whenFull, waiting, tellsEnd);
    }

    /** For messages of at most so many bytes. */
    public InboxOptions withMaxMessage(int bytes) {
        return new InboxOptions(senders, capacityBytes, bytes, whenFull, waiting, tellsEnd);
    }

    /** Doing this when full. */
    public InboxOptions withWhenFull(FullPolicy choice) {
        return new InboxOptions(senders, capacityBytes, maxMessageBytes, choice, waiting, tellsEnd);
    }

    /** With receives that wait like this. */
    public InboxOptions withWaiting(RingWaiting choice) {
        return new InboxOptions(senders, capacityBytes, maxMessageBytes, whenFull, choice, tellsEnd);
    }

    /** Telling, or not, that the last sender has gone. */
    public InboxOptions withTellsEnd(boolean choice) {
        return new InboxOptions(senders, capacityBytes, maxMessageBytes, whenFull, waiting, choice);
    }

    /** The ring that it is. */
    RingOptions ring() {
        return ring(senders, capacityBytes, maxMessageBytes, whenFull, waiting);
    }

    /** The segment that the ring has, which is its owner's. */
    SegmentOptions segment() {
        SegmentOptions defaults = SegmentOptions.defaults();
        return defaults.withLifetime(Lifetime.OWNED)
                .withParticipants(Math.max(defaults.participants(), senders + OTHERS));
    }

    private static RingOptions ring(
            int senders, int capacity, int maxMessage, FullPolicy whenFull, RingWaiting waiting) {
        int largest = capacity / 2 - RING_RECORD_BYTES - InboxEnvelope.PLAIN_BYTES;
        if (maxMessage < 0 || (capacity > 0 && maxMessage > largest)) {
            throw new IllegalArgumentException(
                    "largest message is " + maxMessage + "; with a capacity of " + capacity + " it is 0 to " + largest);
        }
        int most = maxMessage == 0 ? Math.min(DEFAULT_MAX_MESSAGE, largest) : maxMessage;
        return RingOptions.defaults()
                .withKind(RingKind.LANES)
                .withCapacity(capacity)
                .withMaxMessage(most + InboxEnvelope.PLAIN_BYTES)
                .withLanes(senders)
                .withWhenFull(whenFull == FullPolicy.BLOCK ? RingFullPolicy.BLOCK : RingFullPolicy.FAIL)
                .withWaiting(waiting);
    }
}

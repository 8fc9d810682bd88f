package org.jvmipc.cli.demo;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32C;

/**
 * Takes what a receiver got, recomputes every byte of it, and counts what is wrong.
 *
 * <p>A message is <em>corrupt</em> if a byte of it, its length, run or sender is not what was sent; <em>doubled</em> if it
 * came before; <em>out of order</em> if one sent after it came before it; <em>lost</em> if it never came, which is known
 * once its sender has told how many there were.
 */
public final class Verifier {
    /** No sender. */
    public static final int NOBODY = -1;

    private final CRC32C crc = new CRC32C();
    private final ByteBuffer copy;
    private final long runId;
    private final int payloadBytes;
    private final Map<Integer, Arrivals> arrivals = new TreeMap<>();
    private long corrupt;

    /**
     * A verifier of one run.
     *
     * @param senders the numbers of those whose messages are to come here
     */
    public Verifier(long runId, int payloadBytes, int... senders) {
        this.runId = runId;
        this.payloadBytes = payloadBytes;
        this.copy =
                ByteBuffer.allocate(payloadBytes + DemoMessage.OVERHEAD_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (int sender : senders) {
            arrivals.put(sender, new Arrivals());
        }
    }

    /**
     * Verifies one message: all bytes between position and limit.
     *
     * @return the number of its sender, or {@link #NOBODY} if it is corrupt
     */
    public int accept(ByteBuffer message) {
        if (message.remaining() != copy.capacity()) {
            corrupt++;
            return NOBODY;
        }
        // The received buffer is a view without an array, and the checksum wants one.
        copy.put(0, message, message.position(), message.remaining());
        int sender = copy.getInt(DemoMessage.SENDER_OFFSET);
        Arrivals ofSender = arrivals.get(sender);
        if (ofSender == null || !isSound(sender)) {
            corrupt++;
            return NOBODY;
        }
        ofSender.add(copy.getLong(DemoMessage.SEQUENCE_OFFSET), copy.getInt(DemoMessage.PAYLOAD_OFFSET + payloadBytes));
        return sender;
    }

    private boolean isSound(int sender) {
        int end = DemoMessage.PAYLOAD_OFFSET + payloadBytes;
        long sequence = copy.getLong(DemoMessage.SEQUENCE_OFFSET);
        return copy.getLong(DemoMessage.RUN_ID_OFFSET) == runId
                && sequence >= 0
                && copy.getInt(DemoMessage.LENGTH_OFFSET) == payloadBytes
                && copy.getInt(end) == DemoMessage.checksum(copy, end, crc)
                && DemoMessage.payloadIsRight(copy, payloadBytes, DemoMessage.seed(runId, sender, sequence));
    }

    private Arrivals of(int sender) {
        Arrivals found = arrivals.get(sender);
        if (found == null) {
            throw new IllegalArgumentException("sender " + sender + " is none of " + arrivals.keySet());
        }
        return found;
    }

    /** How many different messages came from this sender. */
    public long received(int sender) {
        return of(sender).received();
    }

    /** How many of the sender's messages never came, when it has sent so many. */
    public long lost(int sender, long sent) {
        return Math.max(0, sent - of(sender).received());
    }

    /** How many of the sender's messages did not come although a later one did. */
    public long gaps(int sender) {
        return of(sender).gaps();
    }

    /** The sequence of the first message that came from this sender. */
    public long first(int sender) {
        return of(sender).first();
    }

    /** The sequence behind the last message of this sender: how many it has sent at least. */
    public long next(int sender) {
        return of(sender).next();
    }

    /** What stands for all that came from this sender, in the order in which it came. */
    public long digest(int sender) {
        return of(sender).digest();
    }

    /** What stands for all that came from this sender, whatever the order; those of several receivers add up. */
    public long sum(int sender) {
        return of(sender).sum();
    }

    public long duplicated() {
        long sum = 0;
        for (Arrivals each : arrivals.values()) {
            sum += each.duplicated();
        }
        return sum;
    }

    public long reordered() {
        long sum = 0;
        for (Arrivals each : arrivals.values()) {
            sum += each.reordered();
        }
        return sum;
    }

    public long corrupt() {
        return corrupt;
    }
}

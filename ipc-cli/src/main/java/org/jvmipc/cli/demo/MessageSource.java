package org.jvmipc.cli.demo;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/** One sender's messages, one after the other, all in one buffer; counts and digests those that were sent. */
public final class MessageSource {
    private final CRC32C crc = new CRC32C();
    private final ByteBuffer buffer;
    private final long runId;
    private final int sender;
    private final int payloadBytes;
    private int checksum;
    private boolean written;
    private long count;
    private long digest;
    private long sum;

    public MessageSource(long runId, int sender, int payloadBytes) {
        this.runId = runId;
        this.sender = sender;
        this.payloadBytes = payloadBytes;
        this.buffer =
                ByteBuffer.allocate(payloadBytes + DemoMessage.OVERHEAD_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** The next message to send: the same one until {@link #sent()}. */
    public ByteBuffer message() {
        if (!written) {
            checksum = DemoMessage.write(buffer, runId, sender, count, payloadBytes, crc);
            written = true;
        }
        return buffer;
    }

    /** Notes that the message is on its way. */
    public void sent() {
        digest = DemoMessage.digest(digest, count, checksum);
        sum += DemoMessage.mark(count, checksum);
        count++;
        written = false;
    }

    /** How many were sent. */
    public long count() {
        return count;
    }

    /** What stands for all that were sent, whatever the order. */
    public long sum() {
        return sum;
    }

    /** What stands for all that were sent, in their order. */
    public long digest() {
        return digest;
    }
}

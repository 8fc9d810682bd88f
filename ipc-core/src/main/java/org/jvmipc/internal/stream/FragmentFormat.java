package org.jvmipc.internal.stream;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;
import org.jvmipc.internal.posix.NativeBuffer;
import org.jvmipc.internal.posix.PolledFd;
import org.jvmipc.process.ProcessIdentity;

/** Fragments of {@link FragmentLayout}, numbered for one sender. */
final class FragmentFormat extends FrameFormat {
    /** Tells the senders of this process apart. */
    private static final AtomicInteger SENDERS = new AtomicInteger();

    private final FifoTraffic traffic;
    private final ProcessIdentity self = ProcessIdentity.self();
    private final int sender = SENDERS.getAndIncrement();

    private long sequence;
    private boolean used;
    private int total;

    FragmentFormat(FifoTraffic traffic) {
        super(FragmentLayout.HEADER_BYTES);
        this.traffic = traffic;
    }

    @Override
    int largestPayload(PolledFd pipe) throws IOException {
        if (traffic != FifoTraffic.ONE_SENDER) {
            return FragmentLayout.MAX_ATOMIC_PAYLOAD_BYTES;
        }
        int largest = Math.min(FragmentLayout.MAX_FRAGMENT_BYTES, pipe.pipeCapacity() / 2);
        return Math.max(PIPE_BUF, largest) - overheadBytes;
    }

    @Override
    int largestMessage() {
        return traffic == FifoTraffic.PACKETS ? FragmentLayout.MAX_ATOMIC_PAYLOAD_BYTES : Integer.MAX_VALUE;
    }

    @Override
    int batchBytes() {
        return traffic == FifoTraffic.ONE_SENDER ? FragmentLayout.MAX_FRAGMENT_BYTES : PIPE_BUF;
    }

    @Override
    void begin(int messageBytes) {
        if (used) {
            sequence++;
            used = false;
        }
        total = messageBytes;
    }

    @Override
    void started() {
        used = true;
    }

    @Override
    void seal(NativeBuffer buffer, int offset, int sent, int payloadBytes, boolean last) {
        seal(buffer, offset, FragmentLayout.MESSAGE, sent, payloadBytes);
    }

    @Override
    void sealBatch(NativeBuffer buffer, int payloadBytes) {
        begin(payloadBytes);
        seal(buffer, 0, FragmentLayout.BATCH, 0, payloadBytes);
    }

    @Override
    boolean sealAbort(NativeBuffer buffer) {
        return false; // the next sequence number says it
    }

    @Override
    void sealGoodbye(NativeBuffer buffer) {
        begin(0);
        seal(buffer, 0, FragmentLayout.END, 0, 0);
    }

    @Override
    void sealHello(NativeBuffer buffer) {
        begin(0);
        seal(buffer, 0, FragmentLayout.HELLO, 0, 0);
    }

    private void seal(NativeBuffer buffer, int at, byte type, int offset, int payloadBytes) {
        ByteBuffer bytes = buffer.bytes();
        bytes.putInt(at + FragmentLayout.LENGTH_OFFSET, payloadBytes);
        bytes.put(at + FragmentLayout.TYPE_OFFSET, type);
        bytes.put(at + FragmentLayout.ZERO_OFFSET, (byte) 0);
        bytes.putShort(at + FragmentLayout.MAGIC_OFFSET, FragmentLayout.MAGIC);
        bytes.putInt(at + FragmentLayout.PID_OFFSET, (int) self.pid());
        bytes.putInt(at + FragmentLayout.SENDER_OFFSET, sender);
        bytes.putLong(at + FragmentLayout.START_TIME_OFFSET, self.startTime());
        bytes.putLong(at + FragmentLayout.SEQUENCE_OFFSET, sequence);
        bytes.putInt(at + FragmentLayout.OFFSET_OFFSET, offset);
        bytes.putInt(at + FragmentLayout.TOTAL_OFFSET, total);
        bytes.putInt(at + FragmentLayout.NAMESPACE_OFFSET, (int) self.pidNamespace());
        bytes.putInt(at + FragmentLayout.RESERVED_OFFSET, 0);
        int end = at + FragmentLayout.HEADER_BYTES + payloadBytes;
        bytes.putInt(end, FragmentLayout.checksum(buffer, at, payloadBytes, crc));
    }
}

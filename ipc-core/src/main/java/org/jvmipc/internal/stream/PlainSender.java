package org.jvmipc.internal.stream;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.jvmipc.Address;
import org.jvmipc.Capability;
import org.jvmipc.Codec;
import org.jvmipc.Framing;
import org.jvmipc.IpcException;
import org.jvmipc.PeerGoneException;
import org.jvmipc.internal.Deadline;
import org.jvmipc.internal.posix.NativeBuffer;
import org.jvmipc.internal.posix.Poll;
import org.jvmipc.internal.posix.PolledFd;

/**
 * Sends messages as {@link PlainFormat} has them: what any program on the other side reads.
 *
 * <p>Such a stream has no way to take a part back. When a message larger than {@code PIPE_BUF} (4096 bytes) is cut off
 * midway, by an interrupt or its time, the sender is broken from then on and says how much went out.
 */
public final class PlainSender<T> extends StreamSender<T> {
    private final Codec<T> codec;
    private final MessageEncoder<T> encoder;
    private final PlainFormat format;
    private final boolean comesBack;
    private final int batchBytes;
    private @Nullable String broken;
    private int stopped;

    /** Takes over the descriptor, a non-blocking write end of a pipe. */
    public PlainSender(
            PolledFd fd,
            Address address,
            Set<Capability> capabilities,
            Codec<T> codec,
            Framing framing,
            int maxMessageBytes) {
        this(fd, address, capabilities, codec, framing, maxMessageBytes, false, FrameLayout.MAX_FRAME_BYTES);
    }

    /**
     * Takes over the descriptor, a non-blocking write end of a FIFO, whose reader may go and another one come. Where others
     * share it a batch is written in pieces of {@code PIPE_BUF}, which the kernel does not tear; in packets no message is
     * larger.
     */
    public PlainSender(
            PolledFd fd,
            Address address,
            Set<Capability> capabilities,
            Codec<T> codec,
            Framing framing,
            int maxMessageBytes,
            FifoTraffic traffic) {
        this(
                fd,
                address,
                capabilities,
                codec,
                framing,
                traffic == FifoTraffic.PACKETS ? Math.min(maxMessageBytes, largestPacket(framing)) : maxMessageBytes,
                true,
                traffic == FifoTraffic.ONE_SENDER ? FrameLayout.MAX_FRAME_BYTES : FrameFormat.PIPE_BUF);
    }

    private PlainSender(
            PolledFd fd,
            Address address,
            Set<Capability> capabilities,
            Codec<T> codec,
            Framing framing,
            int maxMessageBytes,
            boolean comesBack,
            int batchBytes) {
        super(fd, address, capabilities);
        this.codec = codec;
        this.format = PlainFormat.of(framing);
        this.comesBack = comesBack;
        this.batchBytes = batchBytes;
        this.encoder = new MessageEncoder<>(
                address, codec, maxMessageBytes, format.before, format.after, MessageEncoder.AN_OPTION);
    }

    /** The largest message that is one packet, in bytes. */
    public static int largestPacket(Framing framing) {
        PlainFormat format = PlainFormat.of(framing);
        return FrameFormat.PIPE_BUF - format.before - format.after;
    }

    @Override
    boolean transmit(T message, Deadline deadline) throws IOException, InterruptedException {
        ensureWhole();
        int length = encoder.encode(message);
        NativeBuffer buffer = encoder.buffer();
        buffer.bytes().limit(buffer.capacity());
        complete(buffer.bytes(), 0, length);
        int end = format.before + length + format.after;
        fd.messageBegins();
        boolean sent = (!deadline.isNow() || mayBegin(end)) && writeWhole(buffer, end, deadline);
        encoder.trim();
        return sent;
    }

    @Override
    void transmit(StreamBatch<T> batch) throws IOException, InterruptedException {
        ensureWhole();
        writeWhole(batch.buffer(), batch.end(), Deadline.NEVER);
    }

    /** A try writes nothing of a message that the kernel would take a part of, as far as can be told. */
    private boolean mayBegin(int bytes) throws IOException {
        if (bytes <= FrameFormat.PIPE_BUF && (fd.isAtomic() || fd.isReadyHere(Poll.POLLOUT))) {
            return true;
        }
        return bytes <= fd.room() || fd.isHungUp();
    }

    private boolean writeWhole(NativeBuffer buffer, int end, Deadline deadline)
            throws IOException, InterruptedException {
        stopped = 0;
        try {
            stopped = write(buffer, 0, end, deadline);
        } finally {
            if (stopped > 0 && stopped < end) {
                broken = address() + ": " + stopped + " of " + end
                        + " bytes were written when the call was cut off; the stream cannot go on";
            }
        }
        ensureWhole();
        return stopped == end;
    }

    @Override
    void stoppedAt(int at) {
        stopped = at;
    }

    private void ensureWhole() throws IpcException {
        if (broken != null) {
            throw new IpcException(broken);
        }
    }

    @Override
    public StreamBatch<T> batch() {
        return new StreamBatch<>(this, codec, encoder, 0, 0, format.before, format.after) {
            @Override
            void complete(ByteBuffer target, int from, int length) {
                PlainSender.this.complete(target, from, length);
            }
        };
    }

    /** Marks off the message whose place, with what is before it, begins here. */
    private void complete(ByteBuffer bytes, int from, int length) {
        if (format == PlainFormat.LEN32) {
            bytes.order(ByteOrder.LITTLE_ENDIAN).putInt(from, length); // a codec may have left it otherwise
        } else if (format.isDelimited()) {
            endMessage(bytes, from, length);
        }
    }

    /** Appends the delimiter, and refuses one inside: the reader would see two messages. */
    private void endMessage(ByteBuffer bytes, int from, int length) {
        for (int i = from; i < from + length; i++) {
            if (bytes.get(i) == format.delimiter) {
                throw new IllegalArgumentException(address() + ": " + format.noun + " contains " + format.delimiterNoun
                        + ", at byte " + (i - from) + " of " + length);
            }
        }
        bytes.put(from + length, format.delimiter);
    }

    @Override
    void goodbye() {
        // The end of the stream is the goodbye.
    }

    @Override
    boolean comesBack() {
        return comesBack;
    }

    @Override
    int batchBytes() {
        return batchBytes;
    }

    @Override
    PeerGoneException peerGone() {
        return new PeerGoneException(
                PeerGoneException.Reason.CLOSED, address(), "the reader is gone (EPIPE): it has closed, or ended");
    }
}

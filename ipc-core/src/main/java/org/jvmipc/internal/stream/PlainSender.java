package org.jvmipc.internal.stream;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.jvmipc.Address;
import org.jvmipc.Batch;
import org.jvmipc.Capability;
import org.jvmipc.Codec;
import org.jvmipc.Framing;
import org.jvmipc.IpcException;
import org.jvmipc.PeerGoneException;
import org.jvmipc.internal.Deadline;
import org.jvmipc.internal.posix.NativeBuffer;
import org.jvmipc.internal.posix.PolledFd;

/**
 * Sends messages as lines or raw bytes: what any program on the other side reads.
 *
 * <p>Such a stream has no way to take a part back. When a message larger than {@code PIPE_BUF} (4096 bytes) is cut off
 * midway, by an interrupt or its time, the sender is broken from then on and says how much went out.
 */
public final class PlainSender<T> extends StreamSender<T> {
    private static final byte NEWLINE = '\n';

    private final Codec<T> codec;
    private final MessageEncoder<T> encoder;
    private final boolean lines;
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
                traffic == FifoTraffic.PACKETS ? Math.min(maxMessageBytes, packetBytes(framing)) : maxMessageBytes,
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
        this.lines = framing == Framing.LINE;
        this.comesBack = comesBack;
        this.batchBytes = batchBytes;
        this.encoder =
                new MessageEncoder<>(address, codec, maxMessageBytes, 0, lines ? 1 : 0, MessageEncoder.AN_OPTION);
    }

    /** The largest message that is one packet. */
    private static int packetBytes(Framing framing) {
        return framing == Framing.LINE ? FrameFormat.PIPE_BUF - 1 : FrameFormat.PIPE_BUF;
    }

    @Override
    boolean transmit(T message, Deadline deadline) throws IOException, InterruptedException {
        ensureWhole();
        int length = encoder.encode(message);
        NativeBuffer buffer = encoder.buffer();
        buffer.bytes().limit(buffer.capacity());
        int end = lines ? endLine(buffer.bytes(), 0, length) : length;
        boolean sent = writeWhole(buffer, end, deadline);
        encoder.trim();
        return sent;
    }

    @Override
    void transmit(StreamBatch<T> batch) throws IOException, InterruptedException {
        ensureWhole();
        writeWhole(batch.buffer(), batch.end(), Deadline.NEVER);
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
    public Batch<T> batch() {
        return new StreamBatch<>(this, codec, encoder, 0, 0, 0, lines ? 1 : 0) {
            @Override
            void complete(ByteBuffer target, int from, int length) {
                if (lines) {
                    endLine(target, from, length);
                }
            }
        };
    }

    /** Appends the newline, and refuses one inside: the reader would see two lines. */
    private int endLine(ByteBuffer bytes, int from, int length) {
        for (int i = from; i < from + length; i++) {
            if (bytes.get(i) == NEWLINE) {
                throw new IllegalArgumentException(
                        address() + ": a line contains a newline, at byte " + (i - from) + " of " + length);
            }
        }
        bytes.put(from + length, NEWLINE);
        return from + length + 1;
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

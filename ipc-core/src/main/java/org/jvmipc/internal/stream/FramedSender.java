package org.jvmipc.internal.stream;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.jvmipc.Address;
import org.jvmipc.Capability;
import org.jvmipc.Codec;
import org.jvmipc.PeerGoneException;
import org.jvmipc.internal.Deadline;
import org.jvmipc.internal.posix.NativeBuffer;
import org.jvmipc.internal.posix.PolledFd;

/**
 * Sends messages as the frames of {@link FrameLayout} over a pipe, or as the fragments of {@link FragmentLayout} into a
 * FIFO.
 *
 * <p><b>Whole or not at all.</b> Up to {@code PIPE_BUF} a frame goes out in one piece or not at all. A larger one that was
 * cut off midway (interrupted, out of time) is revoked, and what is left of it becomes {@link #unfinished}: the next call
 * writes that first, and the reader drops the message. Until then the reader waits for it; should this process die, it
 * drops the part as well.
 *
 * <p>The header of a message's second and later frames is written over the end of the frame before, which has left
 * already, and a checksum over the start of the next, which is put back afterwards: so a large message goes out in frames
 * without being copied.
 */
public final class FramedSender<T> extends StreamSender<T> {
    private final FrameFormat format;
    private final Codec<T> codec;
    private final MessageEncoder<T> encoder;
    private final NativeBuffer control;
    private final boolean comesBack;

    private @Nullable Unfinished unfinished;
    private int stopped;

    /** Bytes that have to follow before anything else may. */
    private record Unfinished(NativeBuffer source, int from, int to) {}

    /** Frames over a pipe. Takes over the descriptor, a non-blocking write end. */
    public FramedSender(
            PolledFd fd, Address address, Set<Capability> capabilities, Codec<T> codec, int maxMessageBytes) {
        this(fd, address, capabilities, codec, maxMessageBytes, new FrameFormat.Stream(), false);
    }

    /**
     * Fragments into a FIFO, whose reader may go and another one come. Takes over the descriptor, a non-blocking write end,
     * and says hello if there is room.
     */
    public FramedSender(
            PolledFd fd,
            Address address,
            Set<Capability> capabilities,
            Codec<T> codec,
            int maxMessageBytes,
            FifoTraffic traffic) {
        this(fd, address, capabilities, codec, maxMessageBytes, new FragmentFormat(traffic), true);
        format.sealHello(control);
        fd.write(control, 0, format.overheadBytes); // EAGAIN, EPIPE: the first message says as much
    }

    private FramedSender(
            PolledFd fd,
            Address address,
            Set<Capability> capabilities,
            Codec<T> codec,
            int maxMessageBytes,
            FrameFormat format,
            boolean comesBack) {
        super(fd, address, capabilities);
        boolean cut = maxMessageBytes > format.largestMessage();
        this.format = format;
        this.codec = codec;
        this.encoder = new MessageEncoder<>(
                address,
                codec,
                cut ? format.largestMessage() : maxMessageBytes,
                format.headerBytes,
                FrameFormat.TRAILER_BYTES,
                cut ? MessageEncoder.A_PACKET : MessageEncoder.AN_OPTION);
        this.control = new NativeBuffer(format.overheadBytes);
        this.comesBack = comesBack;
    }

    @Override
    boolean transmit(T message, Deadline deadline) throws IOException, InterruptedException {
        try {
            return transmitOne(message, deadline);
        } finally {
            if (unfinished == null) {
                encoder.trim();
            }
        }
    }

    private boolean transmitOne(T message, Deadline deadline) throws IOException, InterruptedException {
        int length = encode(message);
        if (!finish(deadline)) {
            return false;
        }
        fd.messageBegins();
        int payload = FrameFormat.PIPE_BUF - format.overheadBytes;
        if (length > payload) {
            payload = format.largestPayload(fd);
            if (deadline.isNow() && !fitsNow(length, payload)) {
                return false;
            }
        }
        return transmitFrames(encoder.buffer(), length, payload, deadline);
    }

    /**
     * Whether the pipe has room for the message. Only a guess, since room is counted in pages: a wrong yes leaves a
     * revoked message, a wrong no is a full pipe a little early.
     */
    private boolean fitsNow(int length, int payload) throws IOException {
        long frames = ((long) length + payload - 1) / payload;
        return length + frames * format.overheadBytes <= fd.room();
    }

    /** Encodes; while an unfinished frame lies in the encoder's buffer, into another. */
    private int encode(T message) throws IOException {
        if (unfinished != null && unfinished.source == encoder.buffer()) {
            encoder.abandon();
        }
        return encoder.encode(message);
    }

    private boolean transmitFrames(NativeBuffer buffer, int length, int largest, Deadline deadline)
            throws IOException, InterruptedException {
        ByteBuffer bytes = buffer.bytes().clear();
        int sent = 0;
        format.begin(length);
        do {
            int payload = Math.min(largest, length - sent);
            int trailer = sent + format.headerBytes + payload;
            int next = bytes.getInt(trailer);
            format.seal(buffer, sent, sent, payload, sent + payload == length);
            if (!writeFrame(buffer, sent, trailer + FrameFormat.TRAILER_BYTES, sent > 0, deadline)) {
                return false;
            }
            bytes.putInt(trailer, next);
            sent += payload;
        } while (sent < length);
        return true;
    }

    /** Writes one frame, or gives the message up. */
    private boolean writeFrame(NativeBuffer buffer, int from, int to, boolean begun, Deadline deadline)
            throws IOException, InterruptedException {
        stopped = from;
        try {
            stopped = write(buffer, from, to, deadline);
        } finally {
            if (stopped > from) {
                format.started();
            }
            if (stopped < to) {
                giveUp(buffer, from, to, begun);
            }
        }
        return stopped == to;
    }

    /** Revokes the frame of which a part is out; between two frames of a message, aborts it. */
    private void giveUp(NativeBuffer buffer, int from, int to, boolean begun) {
        if (stopped > from) {
            FrameLayout.revoke(buffer, to);
            unfinished = new Unfinished(buffer, stopped, to);
        } else if (begun && format.sealAbort(control)) {
            unfinished = new Unfinished(control, 0, format.overheadBytes);
        }
    }

    @Override
    void stoppedAt(int at) {
        stopped = at;
    }

    /** Completes what an earlier call left behind. */
    private boolean finish(Deadline deadline) throws IOException, InterruptedException {
        Unfinished rest = unfinished;
        if (rest == null) {
            return true;
        }
        stopped = rest.from;
        try {
            stopped = write(rest.source, rest.from, rest.to, deadline);
        } finally {
            unfinished = stopped == rest.to ? null : new Unfinished(rest.source, stopped, rest.to);
        }
        return unfinished == null;
    }

    @Override
    void transmit(StreamBatch<T> batch) throws IOException, InterruptedException {
        finish(Deadline.NEVER);
        if (batch.underWay()) {
            return; // it was what had to be finished
        }
        int end = batch.end() + FrameFormat.TRAILER_BYTES;
        batch.buffer().bytes().clear();
        format.sealBatch(batch.buffer(), batch.end() - format.headerBytes);
        stopped = 0;
        try {
            stopped = write(batch.buffer(), 0, end, Deadline.NEVER);
        } finally {
            if (stopped > 0) {
                format.started();
            }
            if (stopped > 0 && stopped < end) { // not revoked: the batch still means to send it
                unfinished = new Unfinished(batch.buffer(), stopped, end);
                batch.underWay(true);
            }
        }
    }

    @Override
    public StreamBatch<T> batch() {
        return new StreamBatch<>(
                this,
                codec,
                encoder,
                format.headerBytes,
                FrameFormat.TRAILER_BYTES,
                FrameLayout.RECORD_HEADER_BYTES,
                0) {
            @Override
            void complete(ByteBuffer target, int from, int length) {
                target.putInt(from, length);
            }
        };
    }

    @Override
    void goodbye() throws IOException {
        long until = lingerEnd();
        Unfinished rest = unfinished;
        if (rest == null || writeLingering(rest.source, rest.from, rest.to, until)) {
            format.sealGoodbye(control);
            writeLingering(control, 0, format.overheadBytes, until);
        }
    }

    @Override
    boolean comesBack() {
        return comesBack;
    }

    @Override
    int batchBytes() {
        return format.batchBytes();
    }

    @Override
    PeerGoneException peerGone() {
        return new PeerGoneException(
                PeerGoneException.Reason.DIED, address(), "the reader is gone (EPIPE): it was killed, or has closed");
    }
}

package org.jvmipc.internal.stream;

import java.io.IOException;
import java.util.zip.CRC32C;
import org.jvmipc.internal.posix.NativeBuffer;
import org.jvmipc.internal.posix.PolledFd;

/**
 * How {@link FramedSender} marks off what it sends: {@link FrameFormat.Stream} for a stream with one writer, {@link
 * FragmentFormat} for a FIFO. Each frame is a header, a payload and a checksum of four bytes, the last of which can be
 * complemented to take the frame back.
 *
 * <p><b>Thread safety.</b> None: used under the sender's lock.
 */
abstract class FrameFormat {
    /** Writes up to this size are all or nothing, {@code pipe(7)}; POSIX allows less, Linux has a page. */
    static final int PIPE_BUF = 4096;

    static final int TRAILER_BYTES = 4;

    final int headerBytes;
    final int overheadBytes;
    final CRC32C crc = new CRC32C();

    FrameFormat(int headerBytes) {
        this.headerBytes = headerBytes;
        this.overheadBytes = headerBytes + TRAILER_BYTES;
    }

    /** The largest payload of a frame of a message that needs several, in this pipe. */
    abstract int largestPayload(PolledFd pipe) throws IOException;

    /** The largest message that may be sent, as far as the format goes. */
    int largestMessage() {
        return Integer.MAX_VALUE;
    }

    /** The size of a batch's buffer, which is one frame. */
    abstract int batchBytes();

    /** A message of this length begins. */
    abstract void begin(int messageBytes);

    /** Writes header and checksum of a frame whose payload, from {@code sent} on of its message, is in place already. */
    abstract void seal(NativeBuffer buffer, int offset, int sent, int payloadBytes, boolean last);

    /** The same for a frame of several whole messages. */
    abstract void sealBatch(NativeBuffer buffer, int payloadBytes);

    /** A byte of the frame that was sealed last has gone out. */
    abstract void started();

    /** Makes the frame that has to follow between two frames of a message whose rest will not come; false if none has to. */
    abstract boolean sealAbort(NativeBuffer buffer);

    /** Makes the greeting; none by default. */
    void sealHello(NativeBuffer buffer) {}

    /** Makes the goodbye. */
    abstract void sealGoodbye(NativeBuffer buffer);

    /** Frames of {@link FrameLayout}. */
    static final class Stream extends FrameFormat {
        Stream() {
            super(FrameLayout.HEADER_BYTES);
        }

        /** Half of the pipe, so that an unfinished frame and the message after it fit into an empty one. */
        @Override
        int largestPayload(PolledFd pipe) throws IOException {
            int largest = Math.min(FrameLayout.MAX_FRAME_BYTES, pipe.capacity() / 2);
            return Math.max(PIPE_BUF, largest) - overheadBytes;
        }

        @Override
        int batchBytes() {
            return FrameLayout.MAX_FRAME_BYTES;
        }

        @Override
        void begin(int messageBytes) {
            // A frame says nothing of its message but whether it is the first or the last.
        }

        @Override
        void seal(NativeBuffer buffer, int offset, int sent, int payloadBytes, boolean last) {
            byte type = sent == 0
                    ? (last ? FrameLayout.MESSAGE : FrameLayout.FIRST)
                    : (last ? FrameLayout.LAST : FrameLayout.MIDDLE);
            FrameLayout.seal(buffer, offset, type, payloadBytes, crc);
        }

        @Override
        void sealBatch(NativeBuffer buffer, int payloadBytes) {
            FrameLayout.seal(buffer, 0, FrameLayout.BATCH, payloadBytes, crc);
        }

        @Override
        void started() {
            // Frames are not counted.
        }

        @Override
        boolean sealAbort(NativeBuffer buffer) {
            FrameLayout.seal(buffer, 0, FrameLayout.ABORT, 0, crc);
            return true;
        }

        @Override
        void sealGoodbye(NativeBuffer buffer) {
            FrameLayout.seal(buffer, 0, FrameLayout.END, 0, crc);
        }
    }
}

package org.jvmipc.internal.stream;

import java.io.IOException;
import java.util.Set;
import org.jvmipc.Address;
import org.jvmipc.Codecs;
import org.jvmipc.Framing;
import org.jvmipc.internal.posix.Fcntl;
import org.jvmipc.internal.posix.Fd;
import org.jvmipc.internal.posix.NativeBuffer;
import org.jvmipc.internal.posix.OsCalls;
import org.jvmipc.internal.posix.PolledFd;

/** A real pipe whose one end is the toolkit's and whose other end takes or gives any bytes. */
final class RawPipe implements AutoCloseable {
    static final Address ADDRESS = Address.of("pipe:1.1");
    private static final int MAX_MESSAGE_BYTES = 1024 * 1024;

    final PolledFd reading;
    final PolledFd writing;

    RawPipe() throws IOException {
        Fd[] ends = OsCalls.pipe(Fcntl.O_NONBLOCK);
        reading = new PolledFd(ends[0]);
        writing = new PolledFd(ends[1]);
        OsCalls.setPipeCapacity(ends[1].number(), MAX_MESSAGE_BYTES);
    }

    FramedSender<byte[]> framedSender() {
        return new FramedSender<>(writing, ADDRESS, Set.of(), Codecs.bytes(), MAX_MESSAGE_BYTES);
    }

    FramedReceiver<byte[]> framedReceiver(int maxMessageBytes) {
        return new FramedReceiver<>(reading, ADDRESS, Set.of(), Codecs.bytes(), maxMessageBytes);
    }

    FramedReceiver<byte[]> framedReceiver() {
        return framedReceiver(MAX_MESSAGE_BYTES);
    }

    PlainSender<byte[]> plainSender(Framing framing) {
        return new PlainSender<>(writing, ADDRESS, Set.of(), Codecs.bytes(), framing, MAX_MESSAGE_BYTES);
    }

    PlainReceiver<byte[]> plainReceiver(Framing framing, int maxMessageBytes) {
        return new PlainReceiver<>(reading, ADDRESS, Set.of(), Codecs.bytes(), framing, maxMessageBytes, false);
    }

    /** Writes bytes that no sender of ours made. */
    void inject(byte... bytes) {
        NativeBuffer buffer = new NativeBuffer(Math.max(1, bytes.length));
        buffer.bytes().put(0, bytes);
        int written = writing.write(buffer, 0, bytes.length);
        if (written != bytes.length) {
            throw new IllegalStateException("wrote " + written + " of " + bytes.length);
        }
    }

    /** Takes all bytes that are in the pipe. */
    byte[] contents() throws IOException {
        int count = OsCalls.bytesWaiting(reading.number());
        NativeBuffer buffer = new NativeBuffer(Math.max(1, count));
        int got = count == 0 ? 0 : reading.read(buffer, 0, count);
        byte[] bytes = new byte[got];
        buffer.bytes().get(0, bytes);
        return bytes;
    }

    @Override
    public void close() throws IOException {
        reading.close();
        writing.close();
    }
}

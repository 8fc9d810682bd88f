package org.jvmipc.internal.stream;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.jvmipc.Address;
import org.jvmipc.Codecs;
import org.jvmipc.Framing;
import org.jvmipc.internal.posix.Fcntl;
import org.jvmipc.internal.posix.FileCalls;
import org.jvmipc.internal.posix.NativeBuffer;
import org.jvmipc.internal.posix.OsCalls;
import org.jvmipc.internal.posix.PolledFd;

/** A real FIFO in a directory of its own, whose ends are opened one by one; a reader has to be the first. */
final class RawFifo implements AutoCloseable {
    static final int MAX_MESSAGE_BYTES = 4 * 1024 * 1024;
    static final int CAPACITY = 1024 * 1024;

    final Path path;
    final Address address;

    RawFifo() throws IOException {
        path = Files.createTempDirectory("fifo").resolve("f");
        FileCalls.makeFifo(path.toString(), 0600);
        address = Address.of("fifo:" + path);
    }

    /** The FIFO at this place, made by another. */
    RawFifo(String existing) {
        path = Path.of(existing);
        address = Address.of("fifo:" + path);
    }

    PolledFd reading() throws IOException {
        return new PolledFd(OsCalls.open(path.toString(), Fcntl.O_RDONLY | Fcntl.O_NONBLOCK, 0));
    }

    PolledFd writing() throws IOException {
        return new PolledFd(OsCalls.open(path.toString(), Fcntl.O_WRONLY | Fcntl.O_NONBLOCK, 0));
    }

    FragmentReceiver<byte[]> receiver(FifoTraffic traffic) throws IOException {
        return receiver(traffic, MAX_MESSAGE_BYTES, Long.MAX_VALUE);
    }

    FragmentReceiver<byte[]> receiver(FifoTraffic traffic, int maxMessageBytes, long partsBytes) throws IOException {
        return new FragmentReceiver<>(
                reading(), address, Set.of(), Codecs.bytes(), maxMessageBytes, traffic, partsBytes, false);
    }

    FramedSender<byte[]> sender(FifoTraffic traffic) throws IOException {
        PolledFd fd = writing();
        if (traffic == FifoTraffic.PACKETS) {
            OsCalls.setPacketMode(fd.number());
        }
        return new FramedSender<>(fd, address, Set.of(), Codecs.bytes(), MAX_MESSAGE_BYTES, traffic);
    }

    PlainReceiver<byte[]> plainReceiver(Framing framing) throws IOException {
        return new PlainReceiver<>(reading(), address, Set.of(), Codecs.bytes(), framing, MAX_MESSAGE_BYTES, true);
    }

    PlainSender<byte[]> plainSender(Framing framing) throws IOException {
        return new PlainSender<>(
                writing(), address, Set.of(), Codecs.bytes(), framing, MAX_MESSAGE_BYTES, FifoTraffic.MANY_SENDERS);
    }

    /** A write end for bytes that no sender of ours made; with room for much. */
    Injector injector() throws IOException {
        PolledFd fd = writing();
        fd.setPipeCapacity(CAPACITY);
        return new Injector(fd);
    }

    /** Writes any bytes. */
    static final class Injector implements AutoCloseable {
        private final PolledFd fd;
        private final NativeBuffer buffer = new NativeBuffer(CAPACITY);

        private Injector(PolledFd fd) {
            this.fd = fd;
        }

        PolledFd fd() {
            return fd;
        }

        void write(byte[]... images) {
            for (byte[] bytes : images) {
                buffer.bytes().put(0, bytes);
                int written = fd.write(buffer, 0, bytes.length);
                if (written != bytes.length) {
                    throw new IllegalStateException("wrote " + written + " of " + bytes.length);
                }
            }
        }

        @Override
        public void close() throws IOException {
            fd.close();
        }
    }

    @Override
    public void close() throws IOException {
        Files.deleteIfExists(path);
        Files.deleteIfExists(path.getParent());
    }
}

package org.jvmipc.pipes;

import java.io.IOException;
import java.nio.file.Path;
import org.jvmipc.Address;
import org.jvmipc.AddressException;
import org.jvmipc.Codec;
import org.jvmipc.Framing;
import org.jvmipc.IpcException;
import org.jvmipc.internal.posix.Fcntl;
import org.jvmipc.internal.posix.Fd;
import org.jvmipc.internal.posix.FileStatus;
import org.jvmipc.internal.posix.OsCalls;
import org.jvmipc.internal.posix.PolledFd;
import org.jvmipc.internal.stream.FramedReceiver;
import org.jvmipc.internal.stream.FramedSender;
import org.jvmipc.internal.stream.PlainReceiver;
import org.jvmipc.internal.stream.PlainSender;
import org.jvmipc.internal.stream.StreamReceiver;
import org.jvmipc.internal.stream.StreamSender;

/** Makes pipes and wraps their descriptors. A pipe's address is {@code pipe:PID.FD}: descriptor FD of process PID. */
final class PipeEnds {
    static final String SCHEME = "pipe";
    static final String FRAMING = "framing";
    static final String MAX_MESSAGE = "max";

    private PipeEnds() {}

    /** A new pipe of the wanted capacity: read end, write end, both non-blocking. */
    static Fd[] make(PipeOptions options) throws IpcException {
        Fd[] ends = OsCalls.pipe(Fcntl.O_NONBLOCK);
        try {
            if (options.capacityBytes() > 0) {
                OsCalls.setPipeCapacity(ends[1].number(), options.capacityBytes());
            }
            return ends;
        } catch (IpcException | RuntimeException e) {
            ends[0].close();
            ends[1].close();
            throw e;
        }
    }

    /** Where this process's descriptor is found by another one. */
    static Address address(Fd fd, PipeOptions options) {
        return withOptions(Address.of(SCHEME, ProcessHandle.current().pid() + "." + fd.number()), options);
    }

    /** The address with what the other end has to know. */
    static Address withOptions(Address address, PipeOptions options) {
        Address result = address;
        if (options.framing() != Framing.FRAMED) {
            result = result.with(FRAMING, options.framing().name().toLowerCase(java.util.Locale.ROOT));
        }
        if (options.maxMessageBytes() != PipeOptions.DEFAULT_MAX_MESSAGE_BYTES) {
            result = result.with(MAX_MESSAGE, Integer.toString(options.maxMessageBytes()));
        }
        return result;
    }

    /**
     * The options that an address carries.
     *
     * @throws AddressException if there are no such options
     */
    static PipeOptions options(Address address) {
        long max = address.size(MAX_MESSAGE, PipeOptions.DEFAULT_MAX_MESSAGE_BYTES);
        if (max < 1 || max > PipeOptions.HIGHEST_MAX_MESSAGE_BYTES) {
            throw new AddressException(
                    address.toString(),
                    "parameter " + MAX_MESSAGE + ": the largest message is 1 to "
                            + PipeOptions.HIGHEST_MAX_MESSAGE_BYTES + " bytes, not " + address.parameter(MAX_MESSAGE),
                    null);
        }
        return PipeOptions.defaults()
                .withFraming(address.choice(FRAMING, Framing.class, Framing.FRAMED))
                .withMaxMessage((int) max);
    }

    static Path path(Fd fd) {
        return Path.of("/proc/self/fd/" + fd.number());
    }

    /** Opens a pipe that another process, or this one, holds under that path. */
    static Fd open(String path, int direction, Address address) throws IOException {
        Fd fd = OsCalls.open(path, direction | Fcntl.O_NONBLOCK, 0);
        try {
            FileStatus status = OsCalls.status(fd.number());
            if (status.type() != FileStatus.FIFO) {
                throw new IpcException(address + ": it is a " + status.typeName() + ", not a pipe");
            }
            return fd;
        } catch (IOException | RuntimeException e) {
            fd.close();
            throw e;
        }
    }

    /** Takes over a non-blocking write end. */
    static <T> PipeSender<T> sender(Fd fd, Address address, Codec<T> codec, PipeOptions options) throws IOException {
        PolledFd polled = new PolledFd(fd);
        int max = options.maxMessageBytes();
        StreamSender<T> stream = options.framing() == Framing.FRAMED
                ? new FramedSender<>(polled, address, PipeEnd.CAPABILITIES, codec, max)
                : new PlainSender<>(polled, address, PipeEnd.CAPABILITIES, codec, options.framing(), max);
        return new PipeSender<>(stream, polled);
    }

    /** Takes over a non-blocking read end. */
    static <T> PipeReceiver<T> receiver(Fd fd, Address address, Codec<T> codec, PipeOptions options)
            throws IOException {
        PolledFd polled = new PolledFd(fd);
        int max = options.maxMessageBytes();
        StreamReceiver<T> stream = options.framing() == Framing.FRAMED
                ? new FramedReceiver<>(polled, address, PipeEnd.CAPABILITIES, codec, max)
                : new PlainReceiver<>(polled, address, PipeEnd.CAPABILITIES, codec, options.framing(), max, false);
        return new PipeReceiver<>(stream, polled);
    }
}

package org.jvmipc.pipes;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.jvmipc.Address;
import org.jvmipc.Capability;
import org.jvmipc.Codec;
import org.jvmipc.Framing;
import org.jvmipc.Lifetime;
import org.jvmipc.LimitException;
import org.jvmipc.OsException;
import org.jvmipc.internal.Backoff;
import org.jvmipc.internal.Deadline;
import org.jvmipc.internal.posix.Errno;
import org.jvmipc.internal.posix.Fcntl;
import org.jvmipc.internal.posix.Fd;
import org.jvmipc.internal.posix.FileStatus;
import org.jvmipc.internal.posix.LockCalls;
import org.jvmipc.internal.posix.OsCalls;
import org.jvmipc.internal.posix.PolledFd;
import org.jvmipc.internal.registry.ObjectFile;
import org.jvmipc.internal.registry.ObjectLock;
import org.jvmipc.internal.registry.OpenFiles;
import org.jvmipc.internal.registry.Registry;
import org.jvmipc.internal.stream.FifoTraffic;
import org.jvmipc.internal.stream.FragmentLayout;
import org.jvmipc.internal.stream.FragmentReceiver;
import org.jvmipc.internal.stream.FramedSender;
import org.jvmipc.internal.stream.PlainReceiver;
import org.jvmipc.internal.stream.PlainSender;
import org.jvmipc.internal.stream.StreamReceiver;
import org.jvmipc.internal.stream.StreamSender;

/**
 * Opens the ends of one FIFO. Never in {@code open(2)} itself, which would wait deaf for the other side: non-blocking, and
 * again until the deadline ({@code fifo(7)}: a writer gets {@code ENXIO} as long as there is no reader).
 */
final class FifoOpening {
    /** How long the kernel may take to give back a lock of a process that was killed, and whose memory it frees first. */
    private static final Duration FAREWELL = Duration.ofMillis(300);

    private static final Set<Capability> SHARED_BY_ALL =
            union(PipeEnd.CAPABILITIES, Set.of(Capability.MANY_SENDERS, Capability.MANY_RECEIVERS));
    private static final Set<Capability> SHARED_BY_SENDERS =
            union(PipeEnd.CAPABILITIES, Set.of(Capability.MANY_SENDERS));

    private final String path;
    private final Address address;
    private final FifoOptions options;
    private final FifoTraffic traffic;
    private final Set<Capability> capabilities;

    FifoOpening(String path, Address address, FifoOptions options) {
        this.path = path;
        this.address = address;
        this.options = options;
        this.traffic = switch (options.sharing()) {
            case MANY_SENDERS -> FifoTraffic.MANY_SENDERS;
            case ONE_SENDER -> FifoTraffic.ONE_SENDER;
            case PACKETS -> FifoTraffic.PACKETS;
        };
        this.capabilities = capabilities(options.sharing());
    }

    static Set<Capability> capabilities(FifoSharing sharing) {
        return switch (sharing) {
            case MANY_SENDERS -> SHARED_BY_SENDERS;
            case ONE_SENDER -> PipeEnd.CAPABILITIES;
            case PACKETS -> SHARED_BY_ALL;
        };
    }

    /** The largest message that is one packet, in bytes. */
    static int largestPacket(Framing framing) {
        return framing == Framing.FRAMED ? FragmentLayout.MAX_ATOMIC_PAYLOAD_BYTES : PlainSender.largestPacket(framing);
    }

    private static Set<Capability> union(Set<Capability> some, Set<Capability> others) {
        Set<Capability> all = new HashSet<>(some);
        all.addAll(others);
        return Set.copyOf(all);
    }

    // ---- to send

    /** A sender, as soon as there is a receiver; null if the deadline passed first. */
    <T> @Nullable FifoSender<T> sender(Codec<T> codec, Deadline deadline) throws IOException, InterruptedException {
        Backoff backoff = new Backoff();
        Fd opened;
        while ((opened = tryOpenForWriting(deadline)) == null) {
            if (deadline.passed()) {
                return null;
            }
            backoff.sleep(deadline); // nothing tells of a reader that comes
        }
        Fd fd = opened;
        return closingOnFailure(fd::close, () -> sender(fd, codec, deadline));
    }

    private @Nullable Fd tryOpenForWriting(Deadline deadline) throws IOException, InterruptedException {
        try {
            return open(Fcntl.O_WRONLY | Fcntl.O_NONBLOCK, deadline);
        } catch (OsException e) {
            if (e.errno() == Errno.ENXIO) {
                return null;
            }
            throw e;
        }
    }

    private <T> FifoSender<T> sender(Fd fd, Codec<T> codec, Deadline deadline)
            throws IOException, InterruptedException {
        if (options.sharing() == FifoSharing.ONE_SENDER) {
            // Of this open file description, and given back with it, also by a kill.
            lock(() -> LockCalls.tryLock(fd, 0, 1, true), "sender", fd, deadline);
        }
        if (options.sharing() == FifoSharing.PACKETS) {
            OsCalls.setPacketMode(fd.number());
        }
        setCapacity(fd);
        PolledFd polled = new PolledFd(fd);
        return closingOnFailure(polled::close, () -> new FifoSender<>(senderStream(polled, codec), polled));
    }

    private <T> StreamSender<T> senderStream(PolledFd polled, Codec<T> codec) throws IOException {
        int max = options.maxMessageBytes();
        return options.framing() == Framing.FRAMED
                ? new FramedSender<>(polled, address, capabilities, codec, max, traffic)
                : new PlainSender<>(polled, address, capabilities, codec, options.framing(), max, traffic);
    }

    // ---- to receive

    <T> FifoReceiver<T> receiver(Codec<T> codec) throws IOException, InterruptedException {
        Fd exclusion = options.sharing() == FifoSharing.PACKETS ? null : lockForReceiver();
        try {
            Fd fd = openForReading();
            return closingOnFailure(fd::close, () -> receiver(fd, codec, exclusion));
        } catch (IOException | InterruptedException | RuntimeException | Error e) {
            if (exclusion != null) {
                exclusion.close();
            }
            throw e;
        }
    }

    private <T> FifoReceiver<T> receiver(Fd fd, Codec<T> codec, @Nullable Fd exclusion)
            throws IOException, InterruptedException {
        setCapacity(fd);
        PolledFd polled = new PolledFd(fd);
        return closingOnFailure(
                polled::close, () -> new FifoReceiver<>(receiverStream(polled, codec), polled, exclusion));
    }

    private <T> StreamReceiver<T> receiverStream(PolledFd polled, Codec<T> codec) {
        int max = options.maxMessageBytes();
        // A read of packet mode takes one packet, and would lose what it did not ask for.
        boolean exact = options.exact() && options.sharing() != FifoSharing.PACKETS;
        return options.framing() == Framing.FRAMED
                ? new FragmentReceiver<>(polled, address, capabilities, codec, max, traffic, exact)
                : new PlainReceiver<>(polled, address, capabilities, codec, options.framing(), max, true, exact);
    }

    private Fd openForReading() throws IOException, InterruptedException {
        Fd fd = open(Fcntl.O_RDONLY | Fcntl.O_NONBLOCK, Deadline.NEVER);
        if (fd == null) {
            throw new IllegalStateException("an open without deadline ran out of time");
        }
        return fd;
    }

    /**
     * The receiver's lock, on an open file description of its own: the one that is read from is put in the place of another
     * one now and then. It is {@code flock(2)}, since a range of bytes is not locked exclusively by who cannot write.
     */
    private Fd lockForReceiver() throws IOException, InterruptedException {
        Fd fd = openForReading();
        return closingOnFailure(fd::close, () -> {
            lock(() -> LockCalls.tryLockFile(fd), "receiver", fd, Deadline.NEVER);
            return fd;
        });
    }

    // ---- both

    /**
     * Opens the file, one that may be stale under its lock: so no cleaner takes it for unused in this moment. Null if the
     * deadline passed while another process, which may be stopped, had that lock.
     */
    private @Nullable Fd open(int flags, Deadline deadline) throws IOException, InterruptedException {
        if (options.lifetime() == Lifetime.KEPT) {
            return openTrusted(flags);
        }
        Registry registry = Registry.open();
        Backoff backoff = new Backoff();
        while (true) {
            try (ObjectLock lock = registry.tryLock(FifoRegistry.SCHEME, path)) {
                if (lock != null) {
                    return openTrusted(flags);
                }
            }
            if (deadline.passed()) {
                return null;
            }
            backoff.sleep(deadline);
        }
    }

    private Fd openTrusted(int flags) throws IOException {
        try (ObjectFile file = ObjectFile.find(FifoRegistry.SCHEME, path, FileStatus.FIFO, options.owner())) {
            return file.open(flags);
        }
    }

    private interface Lock {
        boolean tryTake() throws IOException;
    }

    private void lock(Lock lock, String role, Fd fd, Deadline deadline) throws IOException, InterruptedException {
        Deadline patience = deadline.remainingNanos() < FAREWELL.toNanos() ? deadline : Deadline.after(FAREWELL);
        Backoff backoff = new Backoff();
        while (!lock.tryTake()) {
            if (patience.passed()) {
                throw taken(role, fd);
            }
            backoff.sleep(patience);
        }
    }

    private LimitException taken(String role, Fd fd) throws IOException {
        boolean receiving = role.equals("receiver");
        return new LimitException(
                address + ": another " + role + " has it" + holders(receiving, fd),
                role + "s at one time",
                1,
                receiving
                        ? "a FIFO of packets (sharing=packets) may have several"
                        : "a FIFO of many senders (sharing=many-senders) may have several");
    }

    private static String holders(boolean receiving, Fd fd) throws IOException {
        FileStatus status = OsCalls.status(fd.number());
        List<OpenFiles.Holder> holders = OpenFiles.holders(status.device(), status.inode(), false);
        String others = holders.stream()
                .filter(holder -> receiving ? holder.canRead() : holder.canWrite())
                .map(holder -> Long.toString(holder.pid()))
                .collect(Collectors.joining(", "));
        return others.isEmpty() ? "" : " (process " + others + ")";
    }

    private void setCapacity(Fd fd) throws IOException {
        if (options.capacityBytes() > 0) {
            try {
                OsCalls.setPipeCapacity(fd.number(), options.capacityBytes());
            } catch (LimitException e) {
                if (OsCalls.bytesWaiting(fd.number()) == 0) {
                    throw e;
                }
                // More lies in it than would fit: the other side is at work with the capacity that it has.
            }
        }
    }

    private interface Use<R> {
        R of() throws IOException, InterruptedException;
    }

    /** Goes on with what was opened, and closes it should that fail. */
    private static <R> R closingOnFailure(Closeable opened, Use<R> use) throws IOException, InterruptedException {
        boolean done = false;
        try {
            R result = use.of();
            done = true;
            return result;
        } finally {
            if (!done) {
                opened.close();
            }
        }
    }
}

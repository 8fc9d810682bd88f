package org.jvmipc.mq.internal;

import java.io.File;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.jvmipc.Address;
import org.jvmipc.OsException;
import org.jvmipc.PeerGoneException;
import org.jvmipc.internal.Deadline;
import org.jvmipc.internal.RuntimeDirectory;
import org.jvmipc.internal.posix.Errno;
import org.jvmipc.internal.posix.FileCalls;
import org.jvmipc.internal.posix.FileStatus;
import org.jvmipc.process.ProcessIdentity;
import org.jvmipc.shm.RingSender;
import org.jvmipc.shm.RingWaiting;
import org.jvmipc.shm.SharedRing;

/**
 * Opens senders into an inbox, of an owner who lives.
 *
 * <p><b>Thread safety.</b> None.
 *
 * @param <T> what a message is in Java
 */
public final class InboxOpening<T> {
    private static final long FIRST_PAUSE_MILLIS = 1;

    /** A wait for an owner may last for days: it is to cost next to nothing. */
    private static final long LONGEST_PAUSE_MILLIS = 20;

    /** A lock is had for a millisecond; who has it for longer is not waited for uninterruptibly. */
    private static final Duration LOOK_PATIENCE = Duration.ofMillis(20);

    private final Address name;
    private final Maker<T> maker;
    private final RingWaiting waiting;

    /** The file that was found to be nobody's any more; it is looked into no second time. */
    private @Nullable FileStatus deserted;

    /** Opens a sender into a ring. */
    @FunctionalInterface
    public interface Maker<T> {
        RingSender<T> open(SharedRing ring) throws IOException;
    }

    /** For the inbox of this address. */
    public InboxOpening(Address address, Maker<T> maker, RingWaiting waiting) {
        this.name = InboxNames.require(address).withoutParameters();
        this.maker = maker;
        this.waiting = waiting;
    }

    /**
     * A sender.
     *
     * @param maxMessageBytes the largest envelope with its message
     */
    public record Opened<T>(RingSender<T> sender, int maxMessageBytes) {}

    /**
     * Opens a sender.
     *
     * @throws OsException {@code ENOENT} if nobody has it
     * @throws PeerGoneException if its owner was killed, or is closing it
     */
    public Opened<T> open() throws IOException {
        requireOwner();
        try (SharedRing ring = InboxNames.RINGS.open(name, waiting)) {
            return sender(ring);
        }
    }

    /** The same; null if somebody who makes or removes it has been in the way that long. */
    private @Nullable Opened<T> open(Duration patience) throws IOException {
        requireOwner();
        try (SharedRing ring = InboxNames.RINGS.tryOpen(name, waiting, patience)) {
            return ring == null ? null : sender(ring);
        }
    }

    private Opened<T> sender(SharedRing ring) throws IOException {
        RingSender<T> sender = maker.open(ring);
        boolean good = false;
        try {
            // The receiver was there before the name: none is there any more, or one whose end will be told.
            sender.requireReceiver();
            requireOwner();
            good = true;
            return new Opened<>(sender, ring.maxMessageBytes());
        } finally {
            if (!good) {
                sender.close();
            }
        }
    }

    /** Its owner may be dead, and nobody has noticed yet; or that of a pid is not the process that has it now. */
    private void requireOwner() throws IOException {
        ProcessIdentity owner = InboxNames.RINGS.owner(name);
        if (owner == null) {
            return; // there is none, or it is closing: the ring tells
        }
        if (name.isPid() && owner.pidNamespace() != ProcessIdentity.self().pidNamespace()) {
            throw new OsException("open", Errno.ENOENT, name + ", which is of another pid namespace");
        }
        if (!owner.isAlive()) {
            throw new PeerGoneException(
                    PeerGoneException.Reason.DIED,
                    name,
                    owner.pid(),
                    "its owner, process " + owner.pid() + ", is dead");
        }
    }

    /**
     * Opens a sender as soon as somebody has the inbox. One that another process is making or removing is nobody's yet.
     *
     * @return null if nobody had it until the deadline
     */
    public @Nullable Opened<T> await(Deadline deadline) throws IOException, InterruptedException {
        // Looked at fifty times a second, so it is found out once where.
        String path = RuntimeDirectory.resolve(name.location(), "." + InboxNames.SCHEME)
                .toString();
        long pause = FIRST_PAUSE_MILLIS;
        while (true) {
            Opened<T> opened = tryOpen(path);
            if (opened != null || deadline.passed()) {
                return opened;
            }
            Thread.sleep(Math.min(pause, TimeUnit.NANOSECONDS.toMillis(deadline.remainingNanos()) + 1));
            pause = Math.min(LONGEST_PAUSE_MILLIS, 2 * pause);
        }
    }

    private @Nullable Opened<T> tryOpen(String path) throws IOException {
        FileStatus file = file(path);
        if (file == null || isDeserted(file)) {
            return null;
        }
        try {
            return open(LOOK_PATIENCE);
        } catch (PeerGoneException e) {
            deserted = file;
            return null;
        } catch (OsException e) {
            if (e.errno() == Errno.ENOENT) {
                return null;
            }
            throw e;
        }
    }

    private static @Nullable FileStatus file(String path) throws IOException {
        if (!new File(path).exists()) { // nothing is thrown for what is usual
            return null;
        }
        try {
            return FileCalls.status(path);
        } catch (OsException e) {
            if (e.errno() == Errno.ENOENT) {
                return null;
            }
            throw e;
        }
    }

    private boolean isDeserted(FileStatus file) {
        FileStatus known = deserted;
        return known != null
                && known.device() == file.device()
                && known.inode() == file.inode()
                && known.birthNanos() == file.birthNanos();
    }
}

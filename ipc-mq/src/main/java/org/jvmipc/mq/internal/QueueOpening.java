package org.jvmipc.mq.internal;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.jvmipc.Address;
import org.jvmipc.CorruptDataException;
import org.jvmipc.OsException;
import org.jvmipc.internal.Backoff;
import org.jvmipc.internal.Deadline;
import org.jvmipc.internal.posix.Errno;
import org.jvmipc.mq.MessageQueueOptions;
import org.jvmipc.shm.Segment;
import org.jvmipc.shm.SegmentOptions;
import org.jvmipc.shm.sync.SharedEventCount;
import org.jvmipc.shm.sync.SharedMutex;

/**
 * Opens a queue: finds the segment that those share who use it now, or makes it anew from what is on disk. While the machine runs the
 * segment is the truth, whoever was killed; it is made anew after a restart, and when it is damaged and nobody uses it.
 *
 * <p><b>Thread safety.</b> Stateless.
 */
public final class QueueOpening {
    /** A killed process is out of all tables by then. */
    private static final Duration DYING = Duration.ofMillis(500);

    /** Who appends for longer stands still, and a removal does not wait for him. */
    private static final Duration LONGEST_APPEND = Duration.ofSeconds(1);

    private static final int OTHER_OBJECTS = 8;
    private static final long OTHER_BYTES = 1088;

    private QueueOpening() {}

    /**
     * Opens the queue in the directory.
     *
     * @throws OsException {@code ENOENT} if there is none
     */
    @SuppressWarnings("try") // the lock is held, and nothing else is done with it
    public static QueueLink open(QueueDirectory directory) throws IOException {
        MessageQueueOptions options = QueueSettings.read(directory.path());
        FileSystems.requireLocal(directory.path());
        Address address = QueuePaths.address(directory.path());
        Segment segment = sharedSegment(directory);
        if (segment == null) {
            try (OpenLock lock = OpenLock.take(directory, true)) {
                Segment present = openSegment(directory);
                segment = present != null ? present : createSegment(directory, options);
            }
        }
        return new QueueLink(directory, address, options, segment);
    }

    /** The segment, if it is in order, as it almost always is: beside others who open it. */
    @SuppressWarnings("try")
    private static @Nullable Segment sharedSegment(QueueDirectory directory) throws IOException {
        Segment segment = null;
        boolean good = false;
        try (OpenLock lock = OpenLock.take(directory, false)) {
            segment = Segment.open(directory.segment());
            good = new QueueState(segment.area(StateLayout.AREA)).isOfThisBoot();
            return good ? segment : null;
        } catch (OsException e) {
            if (e.errno() == Errno.ENOENT && directory.exists()) {
                return null;
            }
            throw e;
        } catch (CorruptDataException | IllegalStateException e) {
            return null;
        } finally {
            if (!good) {
                close(segment);
            }
        }
    }

    /**
     * The same for who will append: what that takes is loaded first, before anybody has to wait for it.
     *
     * @throws org.jvmipc.UnsupportedMechanismException if options of the JVM are missing
     */
    public static QueueLink openToSend(QueueDirectory directory) throws IOException {
        ChronicleFlags.require("sending to a durable message queue");
        QueueLink link = open(directory);
        boolean done = false;
        try {
            Rehearsal.once(directory);
            done = true;
            return link;
        } finally {
            if (!done) {
                link.close();
            }
        }
    }

    /** What a queue was made with. */
    public static MessageQueueOptions options(QueueDirectory directory) throws IOException {
        return QueueSettings.read(directory.path());
    }

    /** The same as parameters of an address. */
    public static Map<String, String> settings(QueueDirectory directory) throws IOException {
        return QueueSettings.parameters(options(directory));
    }

    /** The segment, if it is in order. */
    private static @Nullable Segment openSegment(QueueDirectory directory) throws IOException {
        Segment segment = null;
        try {
            segment = Segment.open(directory.segment());
            if (new QueueState(segment.area(StateLayout.AREA)).isOfThisBoot()) {
                return segment;
            }
            segment.close(); // of before the restart, or its maker was killed: nobody should use it
            requireUnused(directory, null);
        } catch (OsException e) {
            close(segment);
            if (e.errno() == Errno.ENOENT && segment == null) {
                return null;
            }
            if (e.errno() != Errno.ENOENT) {
                throw e;
            }
        } catch (CorruptDataException | IllegalStateException e) {
            close(segment);
            requireUnused(directory, e);
        }
        Segment.remove(directory.segment());
        return null;
    }

    private static void close(@Nullable Segment segment) {
        if (segment != null) {
            segment.close();
        }
    }

    /** Others who have it open would go on with another mutex than those who come. */
    private static void requireUnused(QueueDirectory directory, @Nullable Exception damage) throws IOException {
        List<Long> users = users(directory);
        if (!users.isEmpty()) {
            throw new CorruptDataException(
                    directory + ": what its users share is damaged; end the processes " + users
                            + ", and it is made anew from what is on disk",
                    damage);
        }
    }

    /** Those who have it open, this process included. One that was just killed is still seen for a moment. */
    private static List<Long> users(QueueDirectory directory) throws IOException {
        Deadline deadline = Deadline.after(DYING);
        Backoff backoff = new Backoff();
        boolean interrupted = false;
        try {
            while (true) {
                List<Long> users = new ArrayList<>(QueueRegistry.users(directory));
                if (QueueLink.isOpenHere(directory)) {
                    users.add(ProcessHandle.current().pid());
                }
                if (users.isEmpty() || deadline.passed()) {
                    return users;
                }
                try {
                    backoff.sleep(deadline);
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static Segment createSegment(QueueDirectory directory, MessageQueueOptions options) throws IOException {
        int groups = options.groups();
        Segment segment = Segment.create(
                directory.segment(),
                SegmentOptions.defaults()
                        .withSize(GroupTable.bytes(groups) + OTHER_BYTES)
                        .withObjects(3 * groups + OTHER_OBJECTS)
                        .withParticipants(options.participants()));
        boolean done = false;
        try {
            segment.createArea(StateLayout.AREA, StateLayout.BYTES);
            SharedMutex.create(segment, StateLayout.APPEND_MUTEX).close();
            SharedMutex.create(segment, StateLayout.GROUPS_MUTEX).close();
            SharedEventCount.create(segment, StateLayout.ARRIVALS).close();
            SharedEventCount.create(segment, StateLayout.SPACE).close();
            GroupTable.create(segment, groups);
            QueueState state = new QueueState(segment.area(StateLayout.AREA));
            long taken = GroupTable.open(directory, options, segment).restore();
            new LogRecovery(directory.cycles(), state, LogAppender.maxRecordBytes(options)).fromFiles(taken);
            state.publish();
            done = true;
            return segment;
        } finally {
            if (!done) {
                segment.close();
            }
        }
    }

    /**
     * Removes the queue, with all that is in it.
     *
     * @return false if there was none
     */
    @SuppressWarnings("try")
    public static boolean remove(QueueDirectory directory) throws IOException {
        if (!directory.exists()) {
            return false;
        }
        for (QueueDirectory each : directory.inner()) {
            remove(each);
        }
        try (OpenLock lock = OpenLock.take(directory, true)) {
            tellUsers(directory);
            Segment.remove(directory.segment());
            directory.remove();
            return true;
        } catch (OsException e) {
            if (e.errno() == Errno.ENOENT) {
                return false;
            }
            throw e;
        }
    }

    /** Those who have it open learn it by their next call. */
    private static void tellUsers(QueueDirectory directory) throws IOException {
        try (Segment segment = Segment.open(directory.segment())) {
            setRemoved(segment);
            for (String each : List.of(StateLayout.ARRIVALS, StateLayout.SPACE)) {
                try (SharedEventCount count = SharedEventCount.open(segment, each)) {
                    count.advance();
                }
            }
        } catch (OsException e) {
            if (e.errno() != Errno.ENOENT) {
                throw e;
            }
        } catch (CorruptDataException | IllegalStateException e) {
            requireUnused(directory, e);
        }
    }

    /** Between two appends if possible: who comes to the mutex later sees it, and makes nothing in what is being removed. */
    @SuppressWarnings("try") // the hold is closed, and that is all there is to do with it
    private static void setRemoved(Segment segment) throws IOException {
        QueueState state = new QueueState(segment.area(StateLayout.AREA));
        boolean interrupted = Thread.interrupted();
        try (SharedMutex append = SharedMutex.open(segment, StateLayout.APPEND_MUTEX);
                SharedMutex.MutexHold hold = append.tryLock(LONGEST_APPEND)) {
            if (hold != null && hold.previousOwnerDied()) {
                state.setRepairDue(true);
            }
            state.setRemoved();
        } catch (InterruptedException e) {
            interrupted = true;
            state.setRemoved();
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}

package org.jvmipc.shm.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.jvmipc.IpcException;
import org.jvmipc.internal.DeathWatch;
import org.jvmipc.internal.posix.Fd;
import org.jvmipc.process.ProcessIdentity;

/**
 * The other participants of a segment, watched: by their pidfds where they can be seen, else by a look at their beacons every
 * 20 ms. Who is said to be dead is believed to be when his beacon can be won; then he is repaired, and all others are told.
 *
 * <p><b>Thread safety.</b> Yes. Only one thread of this process may try to win beacons at a time, since its own locks do not
 * exclude it: that is done with the lock of this held.
 */
final class Others {
    /** How soon a beacon is tried again whose process is said to be dead, or cannot be watched. */
    static final long SLICE_NANOS = 20_000_000;

    private final SegmentMemory memory;
    private final Fd file;
    private final int own;
    private final Map<Integer, Watched> watched = new HashMap<>();
    private int membershipSeen;
    private boolean first = true;
    private boolean closed;

    /** A participant, as long as its slot is of this generation. */
    private static final class Watched {
        private final int generation;
        private DeathWatch.@Nullable Watched pidfd;
        /** It is said to be dead, or cannot be watched: its beacon is tried. */
        private volatile boolean suspect;

        private Watched(int generation) {
            this.generation = generation;
        }
    }

    Others(SegmentMemory memory, Fd file, int own) {
        this.memory = memory;
        this.file = file;
        this.own = own;
    }

    /** The membership word now; to be asked before {@link #look}, so that no change is slept through. */
    int membership() {
        return Words.getVolatile(memory.bytes(), SegmentLayout.MEMBERSHIP_AT);
    }

    /**
     * Looks who has come and gone, and repairs who is dead.
     *
     * @param wakeup makes the caller look again, when a death is told
     * @return whether it has to look again soon without being told
     */
    synchronized boolean look(Runnable wakeup) {
        if (closed) {
            return false;
        }
        int membership = membership();
        if (first || membership != membershipSeen) {
            survey(wakeup);
            first = false;
            membershipSeen = membership; // last: a survey that fails for want of memory is made again
        }
        boolean again = false;
        Iterator<Map.Entry<Integer, Watched>> all = watched.entrySet().iterator();
        while (all.hasNext()) {
            Map.Entry<Integer, Watched> each = all.next();
            if (each.getValue().suspect) {
                if (isGone(each.getKey(), each.getValue())) {
                    stop(each.getValue());
                    all.remove();
                } else {
                    again = true;
                }
            }
        }
        return again;
    }

    private void survey(Runnable wakeup) {
        ByteBuffer bytes = memory.bytes();
        for (int slot = 0; slot < memory.slots(); slot++) {
            int at = memory.slot(slot);
            boolean active =
                    slot != own && Words.getAcquire(bytes, at + SegmentLayout.SLOT_STATE) == SegmentLayout.ACTIVE;
            int generation = Words.getAcquire(bytes, at + SegmentLayout.SLOT_GENERATION);
            Watched before = watched.get(slot);
            if (before != null && (!active || before.generation != generation)) {
                stop(before);
                watched.remove(slot);
                before = null;
            }
            if (active && before == null) {
                Watched watch = new Watched(generation);
                begin(watch, Participant.read(memory, slot, true), wakeup);
                watched.put(slot, watch);
            }
        }
    }

    private void begin(Watched watch, Participant other, Runnable wakeup) {
        ProcessIdentity self = ProcessIdentity.self();
        boolean visible = other.pid() > 0
                && other.pidNamespace() != 0
                && other.pidNamespace() == self.pidNamespace()
                && memory.isOfBoot(self.bootId());
        try {
            if (visible) {
                watch.pidfd = DeathWatch.watch(other.pid(), other.startTime(), () -> {
                    watch.suspect = true;
                    wakeup.run();
                });
                return;
            }
        } catch (IpcException | OutOfMemoryError e) {
            // For want of a descriptor or a thread, say: the beacon tells it as well.
        }
        watch.suspect = true;
    }

    /** Wins the beacon and repairs, or finds that somebody else has. */
    private boolean isGone(int slot, Watched watch) {
        ByteBuffer bytes = memory.bytes();
        int at = memory.slot(slot);
        try {
            if (!Beacons.tryWin(file, slot)) {
                // Alive; or not yet out; or somebody else repairs it, and dies perhaps: then it can be won.
                return Words.getAcquire(bytes, at + SegmentLayout.SLOT_STATE) == SegmentLayout.FREE
                        || Words.getAcquire(bytes, at + SegmentLayout.SLOT_GENERATION) != watch.generation;
            }
            try {
                if (Words.getAcquire(bytes, at + SegmentLayout.SLOT_STATE) != SegmentLayout.FREE) {
                    Repair.run(memory, slot);
                    Membership.changed(memory);
                }
                return true;
            } finally {
                Beacons.giveBack(file, slot);
            }
        } catch (IOException e) {
            return false; // no lock to be had from the kernel at this moment
        }
    }

    private static void stop(Watched watch) {
        DeathWatch.Watched pidfd = watch.pidfd;
        if (pidfd != null) {
            pidfd.close();
        }
    }

    synchronized void close() {
        closed = true;
        watched.values().forEach(Others::stop);
        watched.clear();
    }
}

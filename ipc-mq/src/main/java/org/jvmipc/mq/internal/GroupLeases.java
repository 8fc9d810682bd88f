package org.jvmipc.mq.internal;

import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.jvmipc.internal.Deadline;
import org.jvmipc.mq.LateAcknowledgementException;
import org.jvmipc.mq.StalledProcessException;
import org.jvmipc.shm.sync.SharedOwners;

/**
 * Deals the messages of the log out to the consumers of one group, in ranges, and keeps account of what they have taken. There is no
 * broker: each consumer does it for itself, under the group's mutex.
 *
 * <p><b>Thread safety.</b> Yes.
 */
public final class GroupLeases implements AutoCloseable {
    /** The lease is over, and another consumer may have the message. */
    public static final int LOST = -1;

    /** Nothing was done: others were at it until the deadline. */
    public static final int BUSY = -2;

    private static final long BUSY_NANOS = 20_000_000;

    private final String name;
    private final GroupState state;
    private final QueueState queue;
    private final SharedOwners owners;
    private final GroupAccount account;
    private final GroupGate gate;

    /** Takes over the owners and the journal, unless this fails. */
    GroupLeases(
            String name,
            GroupState state,
            QueueState queue,
            GroupGate.Opening mutex,
            SharedOwners owners,
            Journal journal)
            throws IOException {
        this.name = name;
        this.state = state;
        this.queue = queue;
        this.owners = owners;
        this.account = new GroupAccount(state, owners, journal);
        this.gate = new GroupGate(name, state, mutex, account::repair);
    }

    // ---- dealing out

    /**
     * Leases a range: one that came back, the oldest first, or the next messages of the log.
     *
     * @param most how many messages at most
     * @param kept the oldest index that is still in the log
     * @param until only messages below this index
     * @return null if there is nothing for anybody now, or this cannot be looked at before the deadline or an interrupt, which is
     *     kept; see {@link #nanosToNextLook}
     * @throws StalledProcessException if another process stands still in a step on the group
     */
    @Nullable
    public Lease tryLease(long consumer, int most, Duration time, long kept, long until, Deadline deadline)
            throws IOException {
        return gate.tryLocked(deadline, () -> {
            GroupRange returned = oldestReturned(until);
            if (returned == null) {
                return leaseNext(consumer, most, time, kept, until);
            }
            if (returned.first() + returned.count() > until) {
                account.splitFrom(returned, until);
            }
            return lease(returned, consumer, time);
        });
    }

    private @Nullable GroupRange oldestReturned(long until) {
        GroupRange oldest = null;
        for (GroupRange each : state.ranges()) {
            if (isReturned(each, until) && (oldest == null || each.first() < oldest.first())) {
                oldest = each;
            }
        }
        return oldest;
    }

    private boolean isReturned(GroupRange range, long until) {
        return range.isInUse() && range.first() < until && (!owners.isHeld(range.number) || range.nanosLeft() <= 0);
    }

    /** Whether the last look could not be made, as others were at it. */
    public boolean isBusy() {
        return gate.isBusy();
    }

    /**
     * How long until there is reason to look again though nothing was told: a lease of messages below the index ends, if it is not
     * given back or prolonged before; or the last look could not be made.
     */
    public long nanosToNextLook(long until) {
        long soonest = Long.MAX_VALUE;
        for (GroupRange each : state.ranges()) {
            if (each.isInUse() && each.first() < until) {
                long left = owners.isHeld(each.number) ? each.nanosLeft() : 0;
                soonest = Math.min(soonest, Math.max(1, left));
            }
        }
        if (gate.wasBusy()) { // once: the look that follows tells anew
            soonest = Math.min(soonest, BUSY_NANOS);
        }
        return soonest;
    }

    private @Nullable Lease lease(GroupRange range, long consumer, Duration time) {
        if (!owners.seize(range.number)) {
            return null; // this process is closing
        }
        int number = range.leaseTo(consumer, System.nanoTime() + time.toNanos());
        return new Lease(range.number, number, range.first(), range.count(), range.taken(), range.place());
    }

    private @Nullable Lease leaseNext(long consumer, int most, Duration time, long kept, long until)
            throws IOException {
        if (state.next() < kept) {
            state.setNext(kept); // what was before has gone
            state.setPlace(0);
            state.updateLowWater();
        }
        long first = state.next();
        long waiting = Math.min(queue.nextIndex(), until) - first;
        GroupRange range = waiting > 0 ? account.freeRange() : null;
        if (range == null) {
            return null;
        }
        int count = (int) Math.min(waiting, Math.min(most, GroupLayout.MAX_RANGE_MESSAGES));
        account.begin(range, first, count, state.place());
        Lease lease = lease(range, consumer, time);
        state.setNext(first + count);
        return lease;
    }

    /** All messages below this index were taken. */
    public long lowWater() throws IOException {
        return gate.locked(state::firstOpen);
    }

    /** Whether there is probably something to lease below the index; looked at without the mutex. */
    public boolean isAnything(long until) {
        if (state.next() < Math.min(queue.nextIndex(), until) && account.freeRange() != null) {
            return true;
        }
        for (GroupRange each : state.ranges()) {
            if (isReturned(each, until)) {
                return true;
            }
        }
        return false;
    }

    /** Tells others a place behind which they need not look for what comes after this index. */
    public void passed(long index, long place) throws IOException {
        gate.locked(() -> {
            if (state.next() == index) {
                state.setPlace(place);
            }
            return true;
        });
    }

    /**
     * A message is about to be handed to its consumer: counted, and its lease runs anew.
     *
     * @return how often it was handed out before, {@link #LOST}, or {@link #BUSY}
     */
    public int handOut(Lease lease, long consumer, long index, Duration time, Deadline deadline) throws IOException {
        Integer times = gate.tryLocked(deadline, () -> {
            GroupRange range = mine(lease, consumer);
            if (range == null) {
                return LOST;
            }
            int message = (int) (index - lease.first());
            int before = range.deliveries(message);
            range.setDeliveries(message, before + 1);
            range.setEnd(System.nanoTime() + time.toNanos());
            if (before > 0) {
                state.countRedelivery();
            }
            return before;
        });
        return times == null ? BUSY : times;
    }

    /** The range of the lease; null if it has passed to another one, or is over. */
    private @Nullable GroupRange mine(Lease lease, long consumer) {
        GroupRange range = state.ranges()[lease.range()];
        boolean same = range.isInUse() && range.lease() == lease.number() && range.consumer() == consumer;
        return same ? range : null;
    }

    // ---- taking, and giving back

    /** What has come of a message that was taken. */
    public enum Taken {
        /** Nothing for anybody else. */
        QUIETLY,
        /** Room may have come back: the low-water mark has moved. */
        LOW_WATER_MOVED,
        /** The same, and ranges can be dealt out again, of which there were none left. */
        RANGE_CAME_BACK
    }

    /**
     * The message was taken, for good.
     *
     * @throws LateAcknowledgementException if the lease is lost, or the message was taken before
     */
    public Taken take(Lease lease, long consumer, long index) throws IOException {
        return gate.locked(() -> {
            GroupRange range = requireMine(lease, consumer, index);
            account.take(range, 1L << (index - lease.first()));
            boolean none = range.isAllTaken() && account.freeRange() == null;
            if (!account.freeIfTaken(range) || !state.updateLowWater()) {
                return none ? Taken.RANGE_CAME_BACK : Taken.QUIETLY;
            }
            return none ? Taken.RANGE_CAME_BACK : Taken.LOW_WATER_MOVED;
        });
    }

    private GroupRange requireMine(Lease lease, long consumer, long index) throws LateAcknowledgementException {
        GroupRange range = mine(lease, consumer);
        long bit = 1L << (index - lease.first());
        if (range == null || (range.taken() & bit) != 0) {
            throw new LateAcknowledgementException(
                    name + ": message " + index
                            + (range == null
                                    ? " is not leased to this consumer any more"
                                    : " was acknowledged or given back before"),
                    index);
        }
        return range;
    }

    /** The message was not taken: it is handed out again, to whoever comes first. */
    public void giveBack(Lease lease, long consumer, long index) throws IOException {
        gate.locked(() -> {
            GroupRange range = requireMine(lease, consumer, index);
            long others = range.all() & ~range.taken() & ~(1L << (index - lease.first()));
            if (others == 0) {
                range.leaseTo(0, 0); // all that is left of the range
                owners.release(range.number);
                return true;
            }
            return account.split(range, index);
        });
    }

    /** Gives back all that the consumer has; whether there was anything. To be called after {@link #beginClose}, too. */
    public boolean giveAllBack(long consumer) throws IOException {
        return Boolean.TRUE.equals(gate.lockedAnyway(() -> giveBackEach(consumer)));
    }

    private boolean giveBackEach(long consumer) {
        boolean any = false;
        for (GroupRange each : state.ranges()) {
            if (each.isInUse() && each.consumer() == consumer) {
                each.leaseTo(0, 0);
                owners.release(each.number);
                any = true;
            }
        }
        return any;
    }

    public void countDeadLetter() throws IOException {
        gate.locked(() -> {
            state.countDeadLetter();
            return true;
        });
    }

    /** Gets the threads out that wait for the group's mutex; one that has it finishes its step. */
    public void beginClose() {
        gate.beginClose();
    }

    /** Closes what is open here; what is leased stays leased. */
    @Override
    public void close() throws IOException {
        owners.close();
        gate.close();
        account.close();
    }
}

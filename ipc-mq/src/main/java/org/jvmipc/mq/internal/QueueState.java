package org.jvmipc.mq.internal;

import java.util.UUID;
import org.jvmipc.process.ProcessIdentity;
import org.jvmipc.shm.MemoryArea;
import org.jvmipc.shm.SharedInt;
import org.jvmipc.shm.SharedLong;

/**
 * {@link StateLayout} by name. What is read from it is anybody's: used as a bound or a hint, and checked.
 *
 * <p><b>Thread safety.</b> Yes; written by who holds the mutex.
 */
public final class QueueState {
    private final SharedLong magic;
    private final SharedInt version;
    private final SharedInt removed;
    private final SharedLong bootFirst;
    private final SharedLong bootSecond;
    private final SharedLong tail;
    private final SharedLong nextIndex;
    private final SharedInt firstCycle;
    private final SharedInt roll;
    private final SharedLong allocated;
    private final SharedLong created;
    private final SharedLong oldBytes;
    private final SharedLong last;
    private final SharedLong secondIndex;
    private final HolderWord holder;
    private final SharedInt repair;
    private final HolderWord groupsHolder;

    public QueueState(MemoryArea area) {
        magic = area.int64(StateLayout.MAGIC_AT);
        version = area.int32(StateLayout.VERSION_AT);
        removed = area.int32(StateLayout.REMOVED_AT);
        bootFirst = area.int64(StateLayout.BOOT_AT);
        bootSecond = area.int64(StateLayout.BOOT_AT + Long.BYTES);
        tail = area.int64(StateLayout.TAIL_AT);
        nextIndex = area.int64(StateLayout.NEXT_INDEX_AT);
        firstCycle = area.int32(StateLayout.FIRST_CYCLE_AT);
        roll = area.int32(StateLayout.ROLL_AT);
        allocated = area.int64(StateLayout.ALLOCATED_AT);
        created = area.int64(StateLayout.CREATED_AT);
        oldBytes = area.int64(StateLayout.OLD_BYTES_AT);
        last = area.int64(StateLayout.LAST_AT);
        secondIndex = area.int64(StateLayout.SECOND_INDEX_AT);
        holder = new HolderWord(area.int64(StateLayout.HOLDER_AT));
        repair = area.int32(StateLayout.REPAIR_AT);
        groupsHolder = new HolderWord(area.int64(StateLayout.GROUPS_HOLDER_AT));
    }

    // ---- whether it is filled in

    /** Whether it was filled in, since the machine was started. */
    public boolean isOfThisBoot() {
        UUID boot = boot();
        return magic.getAcquire() == StateLayout.MAGIC
                && version.get() == StateLayout.VERSION
                && bootFirst.get() == boot.getMostSignificantBits()
                && bootSecond.get() == boot.getLeastSignificantBits();
    }

    /** It is filled in: stored last, so that who sees it sees the rest. */
    public void publish() {
        UUID boot = boot();
        version.set(StateLayout.VERSION);
        bootFirst.set(boot.getMostSignificantBits());
        bootSecond.set(boot.getLeastSignificantBits());
        magic.setRelease(StateLayout.MAGIC);
    }

    private static UUID boot() {
        try {
            return UUID.fromString(ProcessIdentity.self().bootId());
        } catch (IllegalArgumentException e) {
            return new UUID(0, 0); // /proc does not tell
        }
    }

    public boolean isRemoved() {
        return removed.getAcquire() != 0;
    }

    public void setRemoved() {
        removed.setRelease(1);
    }

    // ---- the log's end

    public long tail() {
        return tail.getAcquire();
    }

    public int currentCycle() {
        return StateLayout.cycle(tail());
    }

    /** Messages below it can be read: acquire, as with it comes the tail. */
    public long nextIndex() {
        return nextIndex.getAcquire();
    }

    /**
     * One message more: where it begins first, so that who is killed in between leaves where to look, and the tail before the
     * index, so that who sees the index finds the message.
     */
    public void advance(int cycle, long start, long end, long next) {
        last.set(start);
        tail.setRelease(StateLayout.tail(cycle, end));
        nextIndex.setRelease(next);
    }

    /** A new cycle, with nothing in it. */
    public void begin(int cycle, long createdMillis, long allocatedBytes) {
        last.set(0);
        created.set(createdMillis);
        allocated.set(allocatedBytes);
        tail.setRelease(StateLayout.tail(cycle, 0));
        roll.setRelease(0);
    }

    public void setNextIndex(long next) {
        nextIndex.setRelease(next);
    }

    public long last() {
        return last.get();
    }

    public long created() {
        return created.get();
    }

    public long allocated() {
        return allocated.get();
    }

    public void setAllocated(long bytes) {
        allocated.set(bytes);
    }

    public boolean isRollDue() {
        return roll.getAcquire() != 0;
    }

    public void setRollDue() {
        roll.setRelease(1);
    }

    // ---- what is kept

    public int firstCycle() {
        return firstCycle.getAcquire();
    }

    /** What is kept besides the current cycle. */
    public void setKept(int first, long bytes, long second) {
        oldBytes.set(bytes);
        secondIndex.setRelease(second);
        firstCycle.setRelease(first);
    }

    public long oldBytes() {
        return oldBytes.get();
    }

    /** When every group has come so far, the oldest cycle can go. */
    public long secondIndex() {
        return secondIndex.getAcquire();
    }

    // ---- who is at it

    /** Of the mutex {@code append}. */
    HolderWord holder() {
        return holder;
    }

    /** Of the mutex {@code groups}. */
    HolderWord groupsHolder() {
        return groupsHolder;
    }

    /** Whether somebody has died who held the mutex {@code append}, and what he left has not been put in order since. */
    public boolean isRepairDue() {
        return repair.getAcquire() != 0;
    }

    public void setRepairDue(boolean due) {
        repair.setRelease(due ? 1 : 0);
    }
}

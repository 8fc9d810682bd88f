package org.jvmipc.mq.internal;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.jvmipc.shm.MemoryArea;
import org.jvmipc.shm.SharedInt;
import org.jvmipc.shm.SharedLong;
import org.jvmipc.shm.SharedLongArray;

/**
 * {@link GroupLayout} by name: the header of a group, and its ranges.
 *
 * <p><b>Thread safety.</b> Reads yes; written by who holds the group's mutex.
 */
public final class GroupState {
    private static final SecureRandom RANDOM = new SecureRandom();

    private final SharedInt state;
    private final SharedInt nameBytes;
    private final SharedLongArray name;
    private final SharedLong next;
    private final SharedLong place;
    private final SharedLong lowWater;
    private final SharedLong redeliveries;
    private final SharedLong deadLetters;
    private final SharedInt half;
    private final SharedInt records;
    private final SharedLong generation;
    private final HolderWord holder;
    private final SharedLong incarnation;
    private final SharedInt repair;
    private final GroupRange[] ranges = new GroupRange[GroupLayout.RANGES];

    public GroupState(MemoryArea area) {
        state = area.int32(GroupLayout.STATE_AT);
        nameBytes = area.int32(GroupLayout.NAME_BYTES_AT);
        name = area.longs(GroupLayout.NAME_AT, GroupLayout.MAX_NAME_BYTES / Long.BYTES);
        next = area.int64(GroupLayout.NEXT_AT);
        place = area.int64(GroupLayout.PLACE_AT);
        lowWater = area.int64(GroupLayout.LOW_WATER_AT);
        redeliveries = area.int64(GroupLayout.REDELIVERIES_AT);
        deadLetters = area.int64(GroupLayout.DEAD_LETTERS_AT);
        half = area.int32(GroupLayout.HALF_AT);
        records = area.int32(GroupLayout.RECORDS_AT);
        generation = area.int64(GroupLayout.GENERATION_AT);
        holder = new HolderWord(area.int64(GroupLayout.HOLDER_AT));
        incarnation = area.int64(GroupLayout.INCARNATION_AT);
        repair = area.int32(GroupLayout.REPAIR_AT);
        for (int i = 0; i < ranges.length; i++) {
            ranges[i] = new GroupRange(area, i);
        }
    }

    // ---- which group

    /** Whether there is a group here. */
    public boolean isInUse() {
        return state.getAcquire() == GroupLayout.IN_USE;
    }

    /** The group's name; null if there is none here. */
    @Nullable
    public String name() {
        if (!isInUse()) {
            return null;
        }
        byte[] text = new byte[GroupLayout.MAX_NAME_BYTES];
        for (int i = 0; i < name.length(); i++) {
            LittleEndian.putLong(text, i * Long.BYTES, name.get(i));
        }
        int length = Math.max(0, Math.min(text.length, nameBytes.get()));
        return new String(text, 0, length, StandardCharsets.US_ASCII);
    }

    /** A group is here from now on, as its journal says. */
    public void begin(String groupName, Journal.Content journal) {
        byte[] text = Arrays.copyOf(groupName.getBytes(StandardCharsets.US_ASCII), GroupLayout.MAX_NAME_BYTES);
        for (int i = 0; i < name.length(); i++) {
            name.set(i, LittleEndian.getLong(text, i * Long.BYTES));
        }
        nameBytes.set(groupName.length());
        incarnation.set(RANDOM.nextLong());
        next.set(journal.next());
        place.set(0);
        redeliveries.set(0);
        deadLetters.set(0);
        setJournal(journal);
        int used = 0;
        for (Journal.Range each : journal.ranges()) {
            if (used < ranges.length) {
                restore(ranges[used++], each);
            }
        }
        for (; used < ranges.length; used++) {
            ranges[used].free();
        }
        updateLowWater();
        state.setRelease(GroupLayout.IN_USE);
    }

    /** What was dealt out before the restart may have been handed out: it counts as that. */
    private static void restore(GroupRange range, Journal.Range known) {
        range.fill(known.first(), known.count(), 0, known.taken());
        for (int i = 0; i < range.count(); i++) {
            range.setDeliveries(i, 1);
        }
    }

    /** Tells this group from one that had its state here before, or has it after. */
    public long incarnation() {
        return incarnation.get();
    }

    public void end() {
        state.setRelease(GroupLayout.NONE);
    }

    // ---- how far it is

    public GroupRange[] ranges() {
        return ranges;
    }

    /** Messages from it on were not dealt out. */
    public long next() {
        return next.getAcquire();
    }

    public void setNext(long index) {
        next.setRelease(index);
    }

    public long place() {
        return place.get();
    }

    public void setPlace(long where) {
        place.set(where);
    }

    /** All messages below it were taken. */
    public long lowWater() {
        return lowWater.getAcquire();
    }

    /** The first message that was not taken, as it is now; the low-water mark may be behind it. */
    public long firstOpen() {
        long low = next();
        for (GroupRange each : ranges) {
            if (each.isInUse()) {
                low = Math.min(low, each.firstUntaken());
            }
        }
        return low;
    }

    /** Looks how far all was taken; whether that is further than before. */
    public boolean updateLowWater() {
        long low = firstOpen();
        boolean moved = low != lowWater.get();
        lowWater.setRelease(low);
        return moved;
    }

    public long redeliveries() {
        return redeliveries.get();
    }

    public void countRedelivery() {
        redeliveries.set(redeliveries.get() + 1);
    }

    public long deadLetters() {
        return deadLetters.get();
    }

    public void countDeadLetter() {
        deadLetters.set(deadLetters.get() + 1);
    }

    /** Ranges that are dealt out and not all taken, as a journal has them. */
    public Collection<Journal.Range> outstanding() {
        List<Journal.Range> outstanding = new ArrayList<>();
        for (GroupRange each : ranges) {
            if (each.isInUse()) {
                outstanding.add(each.known());
            }
        }
        return outstanding;
    }

    // ---- its journal

    public int half() {
        return half.get() & 1;
    }

    public int records() {
        return Math.max(0, records.get());
    }

    public void setRecords(int number) {
        records.set(number);
    }

    public long generation() {
        return generation.get();
    }

    public void setJournal(Journal.Content journal) {
        half.set(journal.half());
        records.set(journal.records());
        generation.set(journal.generation());
    }

    // ---- who is at it

    /** Of the group's mutex. */
    HolderWord holder() {
        return holder;
    }

    /** Whether somebody has died who held it, and what he left has not been put in order since. */
    public boolean isRepairDue() {
        return repair.getAcquire() != 0;
    }

    public void setRepairDue(boolean due) {
        repair.setRelease(due ? 1 : 0);
    }
}

package org.jvmipc.mq.internal;

import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.jvmipc.CorruptDataException;
import org.jvmipc.shm.sync.SharedOwners;

/**
 * What a group has been dealt and has taken: in the table that its consumers share, and in its journal on disk.
 *
 * <p>The journal is written before the table: killed in between, a consumer has told the disk more than the others, whose table
 * counts. So after a death the journal is written anew from the table, and what the dead one was not told to be
 * acknowledged is handed out once more.
 *
 * <p><b>Thread safety.</b> None: whoever holds the group's mutex.
 */
final class GroupAccount implements Closeable {
    private final GroupState state;
    private final SharedOwners owners;
    private final Journal journal;

    GroupAccount(GroupState state, SharedOwners owners, Journal journal) {
        this.state = state;
        this.owners = owners;
        this.journal = journal;
    }

    /** An entry of the table for another range; null if all are in use. */
    @Nullable
    GroupRange freeRange() {
        for (GroupRange each : state.ranges()) {
            if (!each.isInUse()) {
                return each;
            }
        }
        return null;
    }

    /** A range is dealt out. */
    void begin(GroupRange range, long first, int count, long place) throws IOException {
        write(new Journal.Range(first, count, 0));
        owners.seize(range.number);
        range.fill(first, count, place, 0);
    }

    /** Messages of a range were taken. */
    void take(GroupRange range, long messages) throws IOException {
        long taken = range.taken() | messages;
        write(new Journal.Range(range.first(), range.count(), taken));
        range.setTaken(taken);
    }

    /** Frees the entry of a range that is taken as a whole; false if it is not. */
    boolean freeIfTaken(GroupRange range) {
        if (!range.isAllTaken()) {
            return false;
        }
        range.free();
        owners.release(range.number);
        return true;
    }

    /**
     * Makes a range of one message of another one, nobody's.
     *
     * @return false if there is no entry for it; the message waits for the end of its range's lease
     */
    boolean split(GroupRange range, long index) throws IOException {
        GroupRange alone = freeRange();
        if (alone == null) {
            return false;
        }
        int message = (int) (index - range.first());
        write(new Journal.Range(index, 1, 0)); // first what is new: killed in between it is handed out twice, not lost
        alone.leaseTo(0, 0); // a lease of what was in the entry before is none of this
        alone.fill(index, 1, range.place(), 0);
        alone.setDeliveries(0, range.deliveries(message));
        take(range, 1L << message);
        return true;
    }

    /**
     * Makes a range of the messages of another one from this index on, nobody's.
     *
     * @return false if there is no entry for it; the messages wait for the end of their range's lease
     */
    boolean splitFrom(GroupRange range, long index) throws IOException {
        GroupRange rest = freeRange();
        if (rest == null) {
            return false;
        }
        int from = (int) (index - range.first());
        int count = range.count() - from;
        long taken = range.taken() >>> from;
        write(new Journal.Range(index, count, taken)); // as above
        rest.leaseTo(0, 0);
        rest.fill(index, count, range.place(), taken);
        for (int i = 0; i < count; i++) {
            rest.setDeliveries(i, range.deliveries(from + i));
        }
        take(range, -1L << from);
        freeIfTaken(rest);
        return true;
    }

    /** Somebody died in the middle of a step. */
    void repair() throws IOException {
        takeWhatWasSplit();
        long next = state.next();
        for (GroupRange each : state.ranges()) {
            if (each.isInUse()) {
                next = Math.max(next, each.first() + each.count());
                freeIfTaken(each);
            }
        }
        state.setNext(next);
        state.updateLowWater();
        Journal.Content known = known();
        state.setJournal(journal.begin(1 - known.half(), known.generation() + 1, next, state.outstanding()));
    }

    /** Who was killed between the two steps of a split has left messages in two ranges: they are the smaller one's. */
    private void takeWhatWasSplit() {
        for (GroupRange part : state.ranges()) {
            for (GroupRange whole : state.ranges()) {
                if (part.isInUse() && whole.isInUse()) {
                    whole.setTaken(whole.taken() | Journal.partOf(whole.known(), part.known()));
                }
            }
        }
    }

    /** What is in use of the journal; one that cannot be read is written anew all the same, as the table counts. */
    private Journal.Content known() throws IOException {
        try {
            return Journal.read(journal.path());
        } catch (CorruptDataException e) {
            return new Journal.Content(state.next(), List.of(), state.half(), state.records(), state.generation());
        }
    }

    private void write(Journal.Range range) throws IOException {
        int number = state.records();
        if (number >= JournalLayout.MOST_RECORDS) {
            state.setJournal(
                    journal.begin(1 - state.half(), state.generation() + 1, state.next(), state.outstanding()));
            number = state.records();
        }
        journal.put(state.half(), number, state.generation(), range);
        state.setRecords(number + 1);
    }

    @Override
    public void close() throws IOException {
        journal.close();
    }
}

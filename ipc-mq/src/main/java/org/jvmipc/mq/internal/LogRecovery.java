package org.jvmipc.mq.internal;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.List;

/**
 * Puts the account of a log in order from what is in its files: after a restart of the machine, when nothing is known, or after a
 * process died in the middle of a step, when only what came after the last known end is looked at. Files that are there are
 * never appended to again: the next append begins a new cycle, whose Chronicle queue is new, too.
 *
 * <p><b>Thread safety.</b> None: under the queue's mutex, or its opening lock.
 */
public final class LogRecovery {
    private final CycleFiles files;
    private final QueueState state;
    private final int maxRecordBytes;

    public LogRecovery(CycleFiles files, QueueState state, int maxRecordBytes) {
        this.files = files;
        this.state = state;
        this.maxRecordBytes = maxRecordBytes;
    }

    /**
     * Makes the account anew.
     *
     * @param taken no index below it is given again: groups have got so far
     */
    public void fromFiles(long taken) throws IOException {
        List<Cycle> cycles = files.list();
        Cycle newest = cycles.isEmpty() ? null : cycles.get(cycles.size() - 1);
        int current = newest == null ? 0 : newest.number();
        Seen seen = newest == null ? new Seen(0, 0, 0) : walk(newest, 0, newest.firstIndex(), false);
        state.begin(current, System.currentTimeMillis(), 0);
        state.advance(current, 0, seen.end, Math.max(taken, seen.next));
        state.setRollDue();
        account(cycles, newest == null ? 1 : cycles.get(0).number(), current);
    }

    /** After a death in the middle of a step: what is whole behind the end counts, and half-made cycles go. */
    public void afterDeath() throws IOException {
        int current = state.currentCycle();
        List<Cycle> cycles = files.list();
        int first = state.firstCycle();
        for (Cycle each : cycles) {
            if (each.number() > current || each.number() < first) {
                CycleFiles.remove(each);
            } else if (each.number() == current) {
                Seen known = known(each);
                Seen seen = walk(each, known.end, known.next, true);
                state.advance(current, seen.last, seen.end, seen.next);
            }
        }
        state.setRollDue();
        account(cycles, first, current);
    }

    /** What the cycles that are kept take up, and where the second one begins. */
    public void account(List<Cycle> cycles, int first, int current) throws IOException {
        long bytes = 0;
        long second = Long.MAX_VALUE;
        int oldest = current;
        for (int i = cycles.size() - 1; i >= 0; i--) {
            Cycle each = cycles.get(i);
            if (each.number() < first || each.number() > current) {
                continue;
            }
            if (each.number() < current) {
                bytes += CycleFiles.bytes(each);
                second = i + 1 < cycles.size() ? cycles.get(i + 1).firstIndex() : Long.MAX_VALUE;
            }
            oldest = each.number();
        }
        state.setKept(Math.max(1, oldest), bytes, second);
    }

    /**
     * What was found.
     *
     * @param last where the last message begins
     * @param end where it ends
     * @param next the index after it
     */
    private record Seen(long last, long end, long next) {}

    /**
     * What the account says of the cycle that somebody died in. Of its three words only the first ones may have been stored: where
     * the last message begins is stored first, and the index that stands there says the rest.
     */
    private Seen known(Cycle cycle) throws IOException {
        long last = state.last();
        long end = StateLayout.offset(state.tail());
        long next = state.nextIndex();
        try (CycleReader reader = new CycleReader(cycle, maxRecordBytes)) {
            if (last > 0 && last < reader.length()) {
                reader.position(last);
                CycleReader.Found found = reader.next(reader.length());
                boolean whole = found == CycleReader.Found.MESSAGE || found == CycleReader.Found.DAMAGED_BODY;
                if (whole && reader.start() == last && Envelope.index(reader.bytes(), reader.recordAt()) == next) {
                    return new Seen(last, Math.max(end, reader.position()), next + 1);
                }
            }
        } catch (FileNotFoundException e) {
            // its maker was killed
        }
        return new Seen(last, end, next);
    }

    /** Walks over whole messages. */
    private Seen walk(Cycle cycle, long from, long index, boolean inSequence) throws IOException {
        long last = from == 0 ? 0 : state.last();
        long end = from;
        long next = index;
        try (CycleReader reader = new CycleReader(cycle, maxRecordBytes)) {
            reader.position(from);
            long limit = reader.length();
            while (true) {
                CycleReader.Found found = reader.next(limit);
                if (!inSequence && found == CycleReader.Found.DAMAGED && reader.resync(limit)) {
                    continue; // no index behind the damage is to be given again
                }
                if (found != CycleReader.Found.MESSAGE && found != CycleReader.Found.DAMAGED_BODY) {
                    return new Seen(last, end, next);
                }
                long seen = Envelope.index(reader.bytes(), reader.recordAt());
                if (inSequence && (seen != next || found != CycleReader.Found.MESSAGE)) {
                    return new Seen(last, end, next);
                }
                last = reader.start();
                end = reader.position();
                next = Math.max(next, seen + 1);
            }
        } catch (FileNotFoundException e) {
            return new Seen(last, end, next); // its maker was killed
        }
    }
}

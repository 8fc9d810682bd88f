package org.jvmipc.mq.internal;

import java.io.Closeable;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.jvmipc.CorruptDataException;

/**
 * Reads the log in order, from cycle to cycle, never waiting. What is missing or damaged is told once, with its indices and its
 * place, and then left out; what has gone because it was taken by all, or is too old, is left out without a word.
 *
 * <p>Damage is known without guessing: below the log's end everything is complete, and indices have no gaps.
 *
 * <p><b>Thread safety.</b> None.
 */
public final class LogReader implements Closeable {
    private final CycleFiles files;
    private final QueueState state;
    private final int maxRecordBytes;

    private @Nullable Cycle cycle;
    private @Nullable CycleReader reader;
    private boolean hinted;

    /** The last cycle that was read to its end: none up to it is entered again, though one behind it may have been deleted. */
    private int ended;

    /** Where the log ended when that was looked at last. */
    private long tail;

    private volatile long expected;
    private long notBeforeMillis = Long.MIN_VALUE;

    public LogReader(CycleFiles files, QueueState state, int maxRecordBytes) {
        this.files = files;
        this.state = state;
        this.maxRecordBytes = maxRecordBytes;
    }

    // ---- where to go on

    /** The index of the next message, if it is there. */
    public long expected() {
        return expected;
    }

    /** Goes to the first message with this index or a larger one. */
    public void seek(long index) throws IOException {
        notBeforeMillis = Long.MIN_VALUE;
        if (index != expected || reader == null) {
            leave();
            ended = 0;
            expected = Math.max(0, index);
        }
    }

    /**
     * The same by way of a place where the message, or one before it, is said to begin.
     *
     * @param place as {@link StateLayout#tail}; 0 if none is known
     */
    public void seek(long index, long place) throws IOException {
        if (index == expected && reader != null) {
            return;
        }
        int number = StateLayout.cycle(place);
        if (reader != null && here().number() == number && here().firstIndex() <= index) {
            notBeforeMillis = Long.MIN_VALUE; // as consumers that share a group do, from one range to another
            ended = 0;
            expected = index;
            goBy(place);
            return;
        }
        seek(index);
        if (number >= state.firstCycle() && number <= state.currentCycle()) {
            Cycle found = files.atLeast(number, number);
            if (found != null && found.firstIndex() <= index && enter(found)) {
                goBy(place);
            }
        }
    }

    private void goBy(long place) {
        current().position(StateLayout.offset(place));
        hinted = true;
    }

    /** Goes to the oldest message. */
    public void seekStart() throws IOException {
        Cycle first = files.atLeast(state.firstCycle(), state.currentCycle());
        seek(first == null ? state.nextIndex() : first.firstIndex());
    }

    /** Goes behind the newest message. */
    public void seekEnd() throws IOException {
        long end = state.tail(); // before the index: so it is too far at most by the message that is just being sent
        seek(state.nextIndex(), end);
    }

    /** Goes to the first message sent at this time or later. */
    public void seekTime(long millis) throws IOException {
        seekStart();
        for (Cycle each : files.list(state.firstCycle(), state.currentCycle())) {
            if (each.createdMillis() <= millis) {
                seek(each.firstIndex());
            }
        }
        notBeforeMillis = millis;
    }

    /** Where the next message begins, or one before it; see {@link #seek(long, long)}. */
    public long place() {
        return cycle == null || reader == null ? 0 : StateLayout.tail(cycle.number(), reader.position());
    }

    // ---- reading

    /**
     * Goes to the next message.
     *
     * @return false if there is none yet
     * @throws CorruptDataException once for each piece of the log that is damaged; the next call goes on behind it
     */
    public boolean next() throws IOException {
        while (true) {
            if (reader == null && !enterNext()) {
                return false;
            }
            Cycle here = here();
            if (here.number() != StateLayout.cycle(tail) || current().position() >= StateLayout.offset(tail)) {
                tail = state.tail(); // else there is something before the end that was known last
            }
            boolean isLast = here.number() >= StateLayout.cycle(tail);
            long limit = isLast ? StateLayout.offset(tail) : current().length();
            boolean behindEnd = isLast && current().position() >= limit;
            switch (behindEnd ? CycleReader.Found.END : current().next(limit)) {
                case MESSAGE -> {
                    if (isWanted()) {
                        return true;
                    }
                }
                case DAMAGED_BODY -> skipDamaged();
                case END -> {
                    if (!behindEnd) {
                        leaveEnded(isLast, limit);
                    } else if (isHintTooFar()) {
                        leave();
                    } else {
                        return false;
                    }
                }
                default -> leaveDamaged(isLast, limit);
            }
        }
    }

    /** Whether the message just found is the one; it may be an earlier one, or too old, or tell of a gap. */
    private boolean isWanted() throws IOException {
        long index = index();
        boolean byHint = hinted;
        hinted = false;
        if (index < expected) {
            return false;
        }
        if (index > expected) {
            if (byHint) {
                leave(); // the place was wrong, not the log: it is looked for from the cycle's beginning
                return false;
            }
            current().position(current().start()); // it is read again, after the gap was told
            throw skipTo(index, here().file(), current().start());
        }
        if (LittleEndian.getLong(bytes(), recordAt() + EnvelopeLayout.TIME_AT) < notBeforeMillis) {
            expected = index + 1;
            return false;
        }
        notBeforeMillis = Long.MIN_VALUE;
        expected = index + 1;
        return true;
    }

    private void skipDamaged() throws IOException {
        long index = index();
        boolean byHint = hinted;
        hinted = false;
        if (byHint && index > expected) {
            leave();
        } else if (index >= expected) {
            throw skipTo(index + 1, here().file(), current().start());
        }
    }

    /** Whether the place that was said lies behind the message: that is there, and not behind the place. */
    private boolean isHintTooFar() {
        long next = state.nextIndex(); // before the tail, which is stored first
        return hinted && expected < next && state.tail() == tail;
    }

    /** Nothing more in this cycle; one that goes on behind the place, or ends before it should, is damaged. */
    private void leaveEnded(boolean isLast, long limit) throws IOException {
        if (isLast && current().position() + DocumentLayout.HEADER_BYTES <= limit) {
            leaveDamaged(true, limit);
        } else if (isLast) {
            current().position(limit);
        } else {
            enterAfter(here(), limit);
        }
    }

    private void leaveDamaged(boolean isLast, long limit) throws IOException {
        Cycle here = here();
        long at = current().position();
        if (hinted || here.number() < state.firstCycle()) {
            leave(); // the place was wrong, not the log; or the cycle was removed meanwhile
        } else if (!isLast) {
            enterAfter(here, limit);
        } else if (!current().resync(limit)) {
            long next = state.nextIndex();
            current().position(limit);
            if (next > expected) {
                throw skipTo(next, here.file(), at);
            }
        }
    }

    /** Goes on to the cycle after this one, and tells if that is too early. */
    private void enterAfter(Cycle here, long limit) throws IOException {
        long at = current().position();
        long written = state.nextIndex(); // before the look: messages below it are in cycles that there are now
        Cycle next = atLeast(here.number() + 1);
        boolean gone = here.number() < state.firstCycle();
        long goesOn = next == null ? written : next.firstIndex();
        boolean early = goesOn > expected && !gone;
        if (early && hinted) {
            leave(); // the place was wrong
            return;
        }
        if (early && current().resync(limit)) {
            return; // there is more; what is missing before it is told when it is met
        }
        leave();
        ended = here.number();
        if (next != null && !enter(next)) {
            return; // it has gone meanwhile
        }
        if (early) {
            throw skipTo(goesOn, here.file(), at);
        }
        if (next != null) {
            expected = Math.max(expected, goesOn); // what was before has gone
        }
    }

    private boolean enterNext() throws IOException {
        while (true) {
            int current = state.currentCycle();
            long written = state.nextIndex();
            Cycle holding = files.holding(expected, Math.max(state.firstCycle(), ended + 1), current);
            if (holding != null) {
                expected = Math.max(expected, holding.firstIndex()); // what was before has gone
                if (enter(holding)) {
                    return true;
                }
            }
            boolean gone = holding != null && holding.number() < state.firstCycle();
            if (gone || state.currentCycle() != current) {
                continue; // the log has gone on meanwhile
            }
            if (expected >= written) {
                return false;
            }
            throw skipMissing(holding, written);
        }
    }

    /** A cycle is not there that has to be: somebody has deleted it, or its file. */
    private CorruptDataException skipMissing(@Nullable Cycle holding, long written) throws IOException {
        if (holding == null) {
            return skipTo(written, files.directory(), 0);
        }
        ended = holding.number();
        Cycle next = atLeast(ended + 1);
        return skipTo(next == null ? written : next.firstIndex(), holding.file(), 0);
    }

    /** The first cycle with at least this number; null if there is none. */
    private @Nullable Cycle atLeast(int number) throws IOException {
        while (true) {
            int current = state.currentCycle();
            Cycle found = files.atLeast(number, current);
            if (found != null || state.currentCycle() == current) {
                return found; // else what was looked for may have gone because the log went on
            }
        }
    }

    /** What is between here and this index is lost. */
    private CorruptDataException skipTo(long index, Path where, long offset) {
        long lost = expected;
        expected = index;
        return lost(lost, index, where, offset);
    }

    private boolean enter(Cycle next) throws IOException {
        try {
            reader = new CycleReader(next, maxRecordBytes);
            cycle = next;
            return true;
        } catch (FileNotFoundException e) {
            return false;
        }
    }

    private void leave() throws IOException {
        hinted = false;
        if (reader != null) {
            reader.close();
            reader = null;
        }
    }

    private static CorruptDataException lost(long from, long to, Path where, long offset) {
        String messages = to - from == 1 ? "message " + from + " is" : "messages " + from + " to " + (to - 1) + " are";
        return new CorruptDataException(where + ": " + messages + " damaged or missing, from byte " + offset + " on");
    }

    private CycleReader current() {
        if (reader == null) {
            throw new IllegalStateException("no cycle is open");
        }
        return reader;
    }

    private Cycle here() {
        if (cycle == null) {
            throw new IllegalStateException("no cycle is open");
        }
        return cycle;
    }

    // ---- the message

    private byte[] bytes() {
        return current().bytes();
    }

    private int recordAt() {
        return current().recordAt();
    }

    private long index() {
        return Envelope.index(bytes(), recordAt());
    }

    /** What stands before the message. */
    public Envelope envelope() {
        return Envelope.read(bytes(), recordAt());
    }

    /** Whether the message is of this type. */
    public boolean isOfType(byte[] type) {
        return Envelope.isOfType(bytes(), recordAt(), type);
    }

    /** The message, read-only and little-endian, valid until the next call. */
    public ByteBuffer body() {
        int from = recordAt() + Envelope.bodyOffset(bytes(), recordAt());
        int length = recordAt() + current().recordLength() - from;
        return ByteBuffer.wrap(bytes(), from, length).slice().asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN);
    }

    @Override
    public void close() throws IOException {
        leave();
    }
}

package org.jvmipc.mq.internal;

import java.io.Closeable;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
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
        seek(index);
        int number = StateLayout.cycle(place);
        if (number >= state.firstCycle() && number <= state.currentCycle()) {
            Cycle found = files.atLeast(number, number);
            if (found != null && found.firstIndex() <= index && enter(found)) {
                current().position(StateLayout.offset(place));
                hinted = true;
            }
        }
    }

    /** Goes to the oldest message. */
    public void seekStart() throws IOException {
        Cycle first = files.atLeast(state.firstCycle(), state.currentCycle());
        seek(first == null ? state.nextIndex() : first.firstIndex());
    }

    /** Goes behind the newest message. */
    public void seekEnd() throws IOException {
        long next = state.nextIndex();
        seek(next, next == state.nextIndex() ? state.tail() : 0);
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
                    if (isLast && behindEnd) {
                        return false;
                    }
                    leaveEnded(isLast, limit);
                }
                default -> leaveDamaged(isLast, limit);
            }
        }
    }

    /** Whether the message just found is the one; it may be an earlier one, or too old, or tell of a gap. */
    private boolean isWanted() throws CorruptDataException {
        long index = index();
        hinted = false;
        if (index < expected) {
            return false;
        }
        if (index > expected) {
            long lost = expected;
            expected = index;
            current().position(current().start()); // it is read again, after the gap was told
            throw lost(lost, index, here(), current().start());
        }
        if (LittleEndian.getLong(bytes(), recordAt() + EnvelopeLayout.TIME_AT) < notBeforeMillis) {
            expected = index + 1;
            return false;
        }
        notBeforeMillis = Long.MIN_VALUE;
        expected = index + 1;
        return true;
    }

    private void skipDamaged() throws CorruptDataException {
        long index = index();
        hinted = false;
        if (index >= expected) {
            long lost = expected;
            expected = index + 1;
            throw lost(lost, expected, here(), current().start());
        }
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
                long lost = expected;
                expected = next;
                throw lost(lost, next, here, at);
            }
        }
    }

    /** Goes on to the cycle after this one, and tells if that is too early. */
    private void enterAfter(Cycle ended, long limit) throws IOException {
        long at = current().position();
        Cycle next = files.atLeast(ended.number() + 1, state.currentCycle());
        boolean early = next != null && next.firstIndex() > expected && ended.number() >= state.firstCycle();
        if (early && current().resync(limit)) {
            return; // there is more; what is missing before it is told when it is met
        }
        leave();
        if (next != null && enter(next) && early) {
            long lost = expected;
            expected = next.firstIndex();
            throw lost(lost, expected, ended, at);
        }
    }

    private boolean enterNext() throws IOException {
        int first = state.firstCycle();
        Cycle holding = files.holding(expected, first, state.currentCycle());
        if (holding == null || !enter(holding)) {
            return false;
        }
        expected = Math.max(expected, holding.firstIndex()); // what was before has gone
        return true;
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

    private static CorruptDataException lost(long from, long to, Cycle where, long offset) {
        String messages = to - from == 1 ? "message " + from + " is" : "messages " + from + " to " + (to - 1) + " are";
        return new CorruptDataException(
                where.file() + ": " + messages + " damaged or missing, from byte " + offset + " on");
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

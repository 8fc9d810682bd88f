package org.jvmipc.mq.internal;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.jvmipc.CorruptDataException;
import org.jvmipc.LimitException;
import org.jvmipc.OsException;
import org.jvmipc.internal.posix.Errno;
import org.jvmipc.mq.MessageQueueOptions;

/**
 * Appends to the log: all of it under the queue's mutex. What may fail for want of room is done first (room in the queue, blocks on
 * the disk), then the record is written, then the shared account says so.
 *
 * <p><b>Thread safety.</b> None: whoever holds the queue's mutex.
 */
public final class LogAppender implements AutoCloseable {
    private static final long STEP_BYTES = 1 << 20;
    static final long FIRST_BYTES = 128 << 10;
    private static final long METADATA_BYTES = 16 << 10;
    private static final String METADATA = "metadata.cq4t";
    private static final String PREPARED = DocumentLayout.FILE.replace(".cq4", ".precreated");

    private final String name;
    private final CycleFiles files;
    private final QueueState state;
    private final MessageQueueOptions options;
    private final LogRetention retention;
    private final long maxRecordBytes;
    private final long cycleBytes;

    private @Nullable ChronicleCycle chronicle;
    private @Nullable Cycle cycle;

    /** The cycle whose file's name is on the device. */
    private int named;

    /** Where the last record is; read by who has appended it, after he has given the mutex back. */
    private @Nullable Cycle written;

    /**
     * Opens nothing yet.
     *
     * @param name of the queue, for the errors
     */
    public LogAppender(
            String name, CycleFiles files, QueueState state, MessageQueueOptions options, LogRetention retention) {
        this.name = name;
        this.files = files;
        this.state = state;
        this.options = options;
        this.retention = retention;
        this.maxRecordBytes = maxRecordBytes(options);
        // Room comes back a cycle at a time: with one cycle for all of it none would before all is taken.
        this.cycleBytes = Math.min(options.cycleBytes(), options.capacityBytes() / 2);
    }

    /** The largest message with its envelope. */
    public static int maxRecordBytes(MessageQueueOptions options) {
        return EnvelopeLayout.HEADER_BYTES
                + EnvelopeLayout.MAX_TYPE_BYTES
                + EnvelopeLayout.MAX_REPLY_BYTES
                + options.maxMessageBytes();
    }

    /**
     * Appends one record.
     *
     * @param at where it begins in the buffer
     * @return false if the queue is full
     * @throws LimitException if the disk is full; nothing was written
     */
    public boolean append(RecordBuffer records, int at) throws IOException {
        int length = records.length(at);
        long bytes = DocumentLayout.HEADER_BYTES + EnvelopeLayout.padded(length);
        if (!hasRoom(bytes)) {
            return false;
        }
        for (boolean again = false; ; again = true) {
            if (isRollDue(bytes)) {
                roll();
            }
            try {
                allocate(StateLayout.offset(state.tail()) + bytes);
                write(records, at, length);
                return true;
            } catch (CorruptDataException e) {
                // Not of ours: Chronicle's own files are damaged. They are left alone, a new cycle has new ones.
                abandonCycle(e);
                if (again) {
                    throw e;
                }
            }
        }
    }

    /** It may have failed when the record was there already; before the next cycle begins this is done, or done again. */
    private void abandonCycle(CorruptDataException why) {
        closeCycle();
        state.setRollDue();
        try {
            trimEnded(endedCycle());
        } catch (IOException e) {
            why.addSuppressed(e);
        }
    }

    private void write(RecordBuffer records, int at, int length) throws IOException {
        long index = state.nextIndex();
        long end = StateLayout.offset(state.tail());
        ChronicleCycle open = openCycle();
        records.stamp(at, index);
        int padded = (int) EnvelopeLayout.padded(length);
        long start = open.append(records.bytes(), at, padded, end);
        written = cycle;
        state.advance(state.currentCycle(), start, DocumentLayout.next(start, padded), index + 1);
    }

    // ---- room

    private boolean hasRoom(long bytes) throws IOException {
        if (fits(bytes)) {
            return true;
        }
        retention.free(true);
        if (!fits(bytes) && retention.isCurrentSpent()) {
            roll();
            retention.free(true);
        }
        return fits(bytes);
    }

    /** What to say of a message that a full queue refuses. */
    public LimitException full() {
        return new LimitException(
                name + ": full, it holds " + used() + " bytes and the message is refused",
                "capacityBytes",
                options.capacityBytes(),
                "have its messages taken by every group, or create it larger");
    }

    private boolean fits(long bytes) {
        return used() + bytes <= options.capacityBytes();
    }

    private long used() {
        return state.oldBytes() + StateLayout.offset(state.tail());
    }

    private void allocate(long end) throws IOException {
        long wanted = end + ChronicleCycle.INDEX_MARGIN_BYTES;
        long have = state.allocated();
        if (wanted <= have) {
            return;
        }
        Path file = current().file();
        long step = Math.max(wanted, Math.min(have + STEP_BYTES, cycleBytes));
        try {
            Allocation.range(file, have, step, name);
        } catch (LimitException e) {
            retention.free(true);
            Allocation.range(file, have, wanted, name); // no more than is needed
            step = wanted;
        }
        state.setAllocated(step);
    }

    // ---- cycles

    private boolean isRollDue(long bytes) {
        long offset = StateLayout.offset(state.tail());
        if (state.isRollDue() || state.currentCycle() == 0) {
            return true;
        }
        long age = options.cycleAge().toMillis();
        return state.last() != 0
                && (offset + bytes > cycleBytes || (age > 0 && System.currentTimeMillis() - state.created() >= age));
    }

    /** Begins a new cycle; until the account says so it is nobody's, and the next one who begins one removes it. */
    private void roll() throws IOException {
        int number = state.currentCycle() + 1;
        Cycle ended = endedCycle();
        closeCycle();
        for (Cycle left : files.list(number, Integer.MAX_VALUE)) {
            CycleFiles.remove(left);
        }
        long now = System.currentTimeMillis();
        Cycle next = Cycle.next(files.directory(), number, state.nextIndex(), now);
        Allocation.directory(next.directory(), name);
        boolean done = false;
        try {
            prepare(next.directory(), name);
            chronicle = ChronicleCycle.open(next.directory(), cycleBytes, maxRecordBytes);
            if (options.sync()) {
                QueueDirectory.sync(next.directory());
                QueueDirectory.sync(files.directory());
            }
            state.setRollDue(); // from here on nobody appends to the cycle that ends
            trimEnded(ended);
            done = true;
        } finally {
            if (!done) {
                CycleFiles.remove(next);
            }
        }
        cycle = next;
        state.begin(number, now, FIRST_BYTES);
        retention.account();
        retention.free(false);
    }

    /** Before another cycle begins: behind the end of this one nothing may stand that a reader would take for a message. */
    private void trimEnded(@Nullable Cycle ended) throws IOException {
        if (ended != null) {
            CycleFiles.trim(ended, StateLayout.offset(state.tail()));
            if (options.sync()) {
                sync(ended); // a batch goes on in the new one
            }
        }
    }

    private @Nullable Cycle endedCycle() throws IOException {
        int number = state.currentCycle();
        return number == 0 ? null : files.atLeast(number, number);
    }

    /** Allocates Chronicle's files before it maps them: they are small, and it would meet a full disk as a fault. */
    static void prepare(Path directory, String name) throws IOException {
        Allocation.range(directory.resolve(METADATA), 0, METADATA_BYTES, name);
        Allocation.range(directory.resolve(PREPARED), 0, FIRST_BYTES, name);
    }

    private Cycle current() throws IOException {
        int number = state.currentCycle();
        if (cycle == null || cycle.number() != number) {
            closeCycle();
            cycle = files.atLeast(number, number);
            if (cycle == null) {
                throw new CorruptDataException(name + ": cycle " + number + " of its log is not there");
            }
        }
        return cycle;
    }

    private ChronicleCycle openCycle() throws IOException {
        Cycle current = current();
        if (chronicle == null) {
            requireWhole(current);
            ChronicleCycle opened = ChronicleCycle.open(current.directory(), cycleBytes, maxRecordBytes);
            chronicle = opened;
            if (!opened.goesOn(state.last(), StateLayout.offset(state.tail()))) {
                throw new CorruptDataException(current.directory() + ": Chronicle's account of it is wrong");
            }
        }
        return chronicle;
    }

    /** Looks at a cycle that others have begun before Chronicle does: its last message has to be there. */
    private void requireWhole(Cycle current) throws IOException {
        try (CycleReader reader = new CycleReader(current, (int) maxRecordBytes)) {
            reader.position(state.last());
            boolean whole = reader.length() >= state.allocated()
                    && (state.last() == 0
                            || (reader.next(StateLayout.offset(state.tail())) == CycleReader.Found.MESSAGE
                                    && Envelope.index(reader.bytes(), reader.recordAt()) == state.nextIndex() - 1));
            if (!whole) {
                throw new CorruptDataException(current.file() + ": it was cut off, or its last message is damaged");
            }
        } catch (FileNotFoundException e) {
            if (state.last() != 0) {
                throw new CorruptDataException(current.file() + ": it is not there", e);
            } // Chronicle makes it with the first message
        }
    }

    /** Has what this one appended last on the device; done without the mutex. */
    public void sync() throws IOException {
        Cycle last = written;
        if (last != null) {
            sync(last);
        }
    }

    private void sync(Cycle cycle) throws IOException {
        try {
            QueueDirectory.sync(cycle.file());
            if (cycle.number() != named) {
                QueueDirectory.sync(cycle.directory()); // Chronicle gives the file its name with the first message
                named = cycle.number();
            }
        } catch (OsException e) {
            if (e.errno() != Errno.ENOENT) { // all have taken it meanwhile
                throw e;
            }
        }
    }

    private void closeCycle() {
        cycle = null;
        if (chronicle != null) {
            chronicle.close();
            chronicle = null;
        }
    }

    @Override
    public void close() {
        closeCycle();
    }
}

package org.jvmipc.mq.internal;

import java.io.IOException;
import java.nio.file.Path;
import net.openhft.chronicle.core.Jvm;
import net.openhft.chronicle.core.io.Closeable;
import net.openhft.chronicle.queue.ExcerptAppender;
import net.openhft.chronicle.queue.RollCycles;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueue;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueueBuilder;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueueStore;
import net.openhft.chronicle.wire.DocumentContext;
import org.jvmipc.CorruptDataException;

/**
 * One cycle of the log, open for appending: a Chronicle queue of its own, with one file, whose clock stands still so that it
 * never rolls by itself. All of it is done under the queue's mutex; therefore Chronicle's own locks are never contended, and one
 * that a dead process has left locked is never met: after a death in there a new cycle is begun.
 *
 * <p><b>Thread safety.</b> None: whoever holds the queue's mutex.
 */
final class ChronicleCycle implements AutoCloseable {
    /** What Chronicle may put between two messages: a further block of its index. */
    static final int INDEX_MARGIN_BYTES = 64 << 10;

    /** Its lock is free, its files are complete: it waits for nothing. */
    private static final long TIMEOUT_MILLIS = 100;

    private static final long SMALLEST_BLOCK_BYTES = 1 << 20;
    private static final long TIME_MILLIS = 300_000; // of cycle 1, whose file DocumentLayout.FILE is

    private final SingleChronicleQueue queue;
    private final ExcerptAppender appender;
    private final Path directory;

    private ChronicleCycle(Path directory, SingleChronicleQueue queue) {
        this.directory = directory;
        this.queue = queue;
        this.appender = queue.createAppender();
        appender.singleThreadedCheckDisabled(true);
    }

    /**
     * Opens the cycle in the directory, whose files may be there or not.
     *
     * @param cycleBytes how large its file may become
     * @param maxRecordBytes the largest message with its envelope
     */
    static ChronicleCycle open(Path directory, long cycleBytes, long maxRecordBytes) throws IOException {
        ChronicleFlags.require("appending to a durable message queue");
        ChronicleSettings.around(Jvm::init);
        SingleChronicleQueue queue = null;
        try {
            queue = SingleChronicleQueueBuilder.binary(directory)
                    .rollCycle(RollCycles.FIVE_MINUTELY)
                    .timeProvider(() -> TIME_MILLIS)
                    .blockSize(blockBytes(cycleBytes, maxRecordBytes))
                    .timeoutMS(TIMEOUT_MILLIS)
                    .build();
            return new ChronicleCycle(directory, queue);
        } catch (Throwable e) { // it throws checked ones without saying so, and errors where memory is gone
            Closeable.closeQuietly(queue);
            throw new CorruptDataException(directory + ": Chronicle cannot open it: " + e, e);
        }
    }

    /** A block holds the whole cycle, so that it is mapped once; a message has to fit into a quarter of it. */
    private static long blockBytes(long cycleBytes, long maxRecordBytes) {
        long wanted = Math.max(SMALLEST_BLOCK_BYTES, Math.max(cycleBytes, 4 * (maxRecordBytes + INDEX_MARGIN_BYTES)));
        return Long.highestOneBit(wanted - 1) << 1;
    }

    /**
     * Appends a record.
     *
     * @param tail where the record is to begin at the earliest
     * @return where it begins
     * @throws CorruptDataException if Chronicle would put it elsewhere, or fails; nothing was appended
     */
    long append(byte[] bytes, int from, int length, long tail) throws CorruptDataException {
        try (DocumentContext document = appender.writingDocument()) {
            boolean whole = false;
            try {
                long at = document.wire().bytes().writePosition() - DocumentLayout.HEADER_BYTES;
                if (at >= tail && at <= tail + INDEX_MARGIN_BYTES) {
                    document.wire().bytes().write(bytes, from, length);
                    whole = true;
                    return at;
                }
                throw new CorruptDataException(
                        directory + ": Chronicle would append at " + at + ", and the log ends at " + tail);
            } finally {
                if (!whole) {
                    document.rollbackOnClose(); // else an exception would commit the part
                }
            }
        } catch (CorruptDataException e) {
            throw e;
        } catch (Throwable e) {
            throw new CorruptDataException(directory + ": Chronicle cannot append: " + e, e);
        }
    }

    /**
     * Whether Chronicle would go on where the log ends. It is asked before the first append to a cycle that others have begun:
     * by a position that is wrong it would write over what is there.
     *
     * @param last where the last record begins, 0 if there is none
     * @param tail where it ends
     */
    boolean goesOn(long last, long tail) {
        try (SingleChronicleQueueStore store = queue.storeForCycle(1, queue.epoch(), false, null)) {
            if (store == null) {
                return last == 0;
            }
            long position = store.writePosition();
            return position == last || (position >= tail && position <= tail + INDEX_MARGIN_BYTES);
        } catch (Throwable e) {
            return false;
        }
    }

    @Override
    public void close() {
        Closeable.closeQuietly(appender, queue);
    }
}

package org.jvmipc.mq.internal;

import java.io.IOException;
import java.nio.file.Path;
import net.openhft.chronicle.queue.ExcerptAppender;
import net.openhft.chronicle.queue.RollCycles;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueue;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueueBuilder;
import net.openhft.chronicle.wire.DocumentContext;
import org.jvmipc.Codecs;
import org.jvmipc.internal.Deadline;
import org.jvmipc.process.ParentJvm;
import org.jvmipc.shm.MemoryArea;
import org.jvmipc.shm.sync.SharedMutex;
import org.jvmipc.testkit.ChildProgram;

/** Child JVMs that stand still, or are killed, in the middle of a step. Argument: the queue's directory. */
public final class StepPrograms {
    private StepPrograms() {}

    /** Holds the mutex with half a document written, is ready, and finishes when it is let go on; to be stopped at once. */
    public static final class StopsInAppend implements ChildProgram {
        @Override
        public void run(ParentJvm parent, String[] arguments) throws Exception {
            QueueDirectory directory = new QueueDirectory(Path.of(arguments[0]));
            try (QueueLink link = QueueOpening.openToSend(directory);
                    LogAppender appender = link.appender()) {
                RecordBuffer record = new RecordBuffer("child", 1000);
                record.add(Envelope.NONE, Codecs.utf8(), "sent after all");
                link.appending(Deadline.NEVER, () -> {
                    parent.ready();
                    long start = System.nanoTime(); // the parent stops it meanwhile, and counts the time
                    while (System.nanoTime() - start < 300_000_000) {
                        Thread.onSpinWait();
                    }
                    return appender.append(record, 0);
                });
                link.arrivals().advance();
            }
        }
    }

    /** Writes half a document by Chronicle itself, under the mutex, and is killed by itself. */
    public static final class DiesInAppend implements ChildProgram {
        @Override
        public void run(ParentJvm parent, String[] arguments) throws Exception {
            QueueDirectory directory = new QueueDirectory(Path.of(arguments[0]));
            QueueLink link = QueueOpening.openToSend(directory);
            link.appending(Deadline.NEVER, () -> {
                int current = link.state().currentCycle();
                Cycle cycle = directory.cycles().atLeast(current, current);
                if (cycle != null) {
                    writeHalf(cycle.directory());
                }
                return true;
            });
        }

        private static void writeHalf(Path cycle) {
            SingleChronicleQueue queue = SingleChronicleQueueBuilder.binary(cycle)
                    .rollCycle(RollCycles.FIVE_MINUTELY)
                    .timeProvider(() -> 300_000)
                    .blockSize(4 << 20)
                    .build();
            ExcerptAppender appender = queue.createAppender();
            try (DocumentContext document = appender.writingDocument()) {
                document.wire().bytes().write(new byte[500]);
                Runtime.getRuntime().halt(9);
            }
        }
    }

    /** Appends a whole record and dies before the shared account says so. */
    public static final class DiesBehindAppend implements ChildProgram {
        @Override
        public void run(ParentJvm parent, String[] arguments) throws Exception {
            QueueDirectory directory = new QueueDirectory(Path.of(arguments[0]));
            QueueLink link = QueueOpening.openToSend(directory);
            link.appending(Deadline.NEVER, () -> {
                QueueState state = link.state();
                int current = state.currentCycle();
                Cycle cycle = directory.cycles().atLeast(current, current);
                RecordBuffer record = new RecordBuffer("child", 1000);
                record.add(Envelope.NONE, Codecs.utf8(), "nobody was told");
                record.stamp(0, state.nextIndex());
                if (cycle != null) {
                    ChronicleCycle chronicle = ChronicleCycle.open(cycle.directory(), 1 << 20, 1000);
                    chronicle.append(record.bytes(), 0, record.end(), StateLayout.offset(state.tail()));
                }
                Runtime.getRuntime().halt(9);
                return true;
            });
        }
    }

    /** Appends a whole record and dies when so many words of the shared account say so. Arguments: the directory, 1 or 2. */
    public static final class DiesInAccount implements ChildProgram {
        @Override
        public void run(ParentJvm parent, String[] arguments) throws Exception {
            QueueDirectory directory = new QueueDirectory(Path.of(arguments[0]));
            QueueLink link = QueueOpening.openToSend(directory);
            MemoryArea account = link.segment().area(StateLayout.AREA);
            link.appending(Deadline.NEVER, () -> {
                QueueState state = link.state();
                int current = state.currentCycle();
                RecordBuffer record = record("nobody was told");
                long start = appendUntold(link, record);
                account.int64(StateLayout.LAST_AT).set(start);
                if (arguments[1].equals("2")) {
                    long end = DocumentLayout.next(start, record.end());
                    account.int64(StateLayout.TAIL_AT).setRelease(StateLayout.tail(current, end));
                }
                Runtime.getRuntime().halt(9);
                return true;
            });
        }
    }

    static RecordBuffer record(String text) throws IOException {
        RecordBuffer record = new RecordBuffer("child", 1000);
        record.add(Envelope.NONE, Codecs.utf8(), text);
        return record;
    }

    /** Writes a record where the next one comes, and says so to nobody; where it begins. Under the mutex. */
    static long appendUntold(QueueLink link, RecordBuffer record) throws IOException {
        QueueState state = link.state();
        int current = state.currentCycle();
        Cycle cycle = link.directory().cycles().atLeast(current, current);
        if (cycle == null) {
            throw new IOException("there is no cycle");
        }
        record.stamp(0, state.nextIndex());
        try (ChronicleCycle chronicle = ChronicleCycle.open(cycle.directory(), 1 << 20, 1000)) {
            return chronicle.append(record.bytes(), 0, record.end(), StateLayout.offset(state.tail()));
        }
    }

    /** Begins a new cycle and dies before the shared account says so. */
    public static final class DiesInRoll implements ChildProgram {
        @Override
        public void run(ParentJvm parent, String[] arguments) throws Exception {
            QueueDirectory directory = new QueueDirectory(Path.of(arguments[0]));
            QueueLink link = QueueOpening.openToSend(directory);
            link.appending(Deadline.NEVER, () -> {
                QueueState state = link.state();
                Cycle next = Cycle.next(directory.cycles().directory(), state.currentCycle() + 1, state.nextIndex(), 1);
                java.nio.file.Files.createDirectory(next.directory());
                LogAppender.prepare(next.directory(), "child");
                Runtime.getRuntime().halt(9);
                return true;
            });
        }
    }

    /** Writes to the journal of the first group that a range was dealt out, and dies before the table says so. */
    public static final class DiesInDealing implements ChildProgram {
        @Override
        public void run(ParentJvm parent, String[] arguments) throws Exception {
            QueueDirectory directory = new QueueDirectory(Path.of(arguments[0]));
            QueueLink link = QueueOpening.open(directory);
            GroupState state = link.groups().present().get(0);
            SharedMutex.open(link.segment(), GroupLayout.mutex(0)).lock();
            Journal journal = Journal.open(directory, String.valueOf(state.name()), false);
            journal.put(state.half(), state.records(), state.generation(), new Journal.Range(state.next(), 5, 0));
            Runtime.getRuntime().halt(9);
        }
    }

    /** Makes two of a range of the first group, and dies before the first one says so. */
    public static final class DiesInSplit implements ChildProgram {
        @Override
        public void run(ParentJvm parent, String[] arguments) throws Exception {
            QueueDirectory directory = new QueueDirectory(Path.of(arguments[0]));
            QueueLink link = QueueOpening.open(directory);
            GroupState state = link.groups().present().get(0);
            SharedMutex.open(link.segment(), GroupLayout.mutex(0)).lock();
            GroupRange whole = state.ranges()[0];
            GroupRange free = state.ranges()[1];
            Journal journal = Journal.open(directory, String.valueOf(state.name()), false);
            Journal.Range part = new Journal.Range(whole.first() + 1, 1, 0);
            journal.put(state.half(), state.records(), state.generation(), part);
            state.setRecords(state.records() + 1);
            free.fill(part.first(), 1, whole.place(), 0);
            Runtime.getRuntime().halt(9);
        }
    }
}

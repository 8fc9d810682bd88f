package org.jvmipc.mq.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.jvmipc.Address;
import org.jvmipc.Codecs;
import org.jvmipc.CorruptDataException;
import org.jvmipc.internal.Deadline;
import org.jvmipc.internal.posix.FileCalls;
import org.jvmipc.mq.Consumer;
import org.jvmipc.mq.Delivery;
import org.jvmipc.mq.MessageQueue;
import org.jvmipc.mq.MessageQueueOptions;
import org.jvmipc.shm.MemoryArea;
import org.jvmipc.shm.sync.SharedMutex;
import org.jvmipc.testkit.Await;
import org.jvmipc.testkit.FaultSeam;
import org.jvmipc.testkit.NoLeaks;
import org.jvmipc.testkit.Worker;

/** Steps on the log and on what processes share of it, one at a time. */
@ExtendWith(NoLeaks.class)
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LogStepsTest implements NoLeaks.WarmUp {
    private static final MessageQueueOptions SMALL = MessageQueueOptions.defaults()
            .withMaxMessage(10_000)
            .withCapacity(1 << 20)
            .withGroups(2)
            .withParticipants(8);

    @TempDir
    Path directory;

    private Address address;

    @BeforeEach
    void name() {
        address = Address.of("mq", directory.resolve("q").toString());
    }

    @Override
    public void warmUp() throws Exception {
        name();
        try (QueueLink link = create(SMALL)) {
            append(link, "0");
        }
        MessageQueue.remove(address);
    }

    private QueueLink create(MessageQueueOptions options) throws IOException {
        MessageQueue.create(address, Codecs.utf8(), options);
        return QueueOpening.openToSend(new QueueDirectory(address.path()));
    }

    private static void append(QueueLink link, String... texts) throws IOException, InterruptedException {
        try (LogAppender appender = link.appender()) {
            for (String text : texts) {
                RecordBuffer record = StepPrograms.record(text);
                assertEquals(true, link.appending(Deadline.NEVER, () -> appender.append(record, 0)));
            }
        }
    }

    private static List<String> all(LogReader reader) throws IOException {
        List<String> all = new ArrayList<>();
        while (reader.next()) {
            all.add(StandardCharsets.UTF_8.decode(reader.body()).toString());
        }
        return all;
    }

    @Test
    void aRecordWhoseAppendHasFailedIsNeverInTheWayOfALaterOne() throws Exception {
        try (QueueLink link = create(SMALL);
                LogReader reader = link.reader()) {
            append(link, "0", "1");
            link.appending(Deadline.NEVER, () -> {
                StepPrograms.appendUntold(link, StepPrograms.record("refused"));
                link.state().setRollDue(); // as is done when an append fails
                return true;
            });
            append(link, "2", "3");
            assertEquals(List.of("0", "1", "2", "3"), all(reader));
        }
    }

    @Test
    void aPlaceThatIsBehindTheMessageIsNotBelieved() throws Exception {
        try (QueueLink link = create(SMALL);
                LogReader reader = link.reader()) {
            append(link, "0", "1");
            long second =
                    StateLayout.tail(link.state().currentCycle(), link.state().last());
            long end = link.state().tail();
            reader.seek(0, second);
            assertEquals(List.of("0", "1"), all(reader));
            reader.seek(1, end);
            assertEquals(List.of("1"), all(reader));
            append(link, "2");
            reader.seek(0, end);
            assertEquals(List.of("0", "1", "2"), all(reader));
            reader.seekEnd();
            assertEquals(List.of(), all(reader));
        }
    }

    @Test
    void aDeletedCycleIsToldOfOnce() throws Exception {
        try (QueueLink link = create(SMALL);
                LogReader reader = link.reader()) {
            append(link, "0", "1");
            link.state().setRollDue();
            append(link, "2", "3");
            Cycle current = link.directory().cycles().list().get(1);
            CycleFiles.removeTree(current.directory());
            assertTrue(reader.next() && reader.next());
            CorruptDataException told = assertThrows(CorruptDataException.class, reader::next);
            assertTrue(String.valueOf(told.getMessage()).contains("messages 2 to 3 are"), told.getMessage());
            assertFalse(reader.next());
            append(link, "4");
            assertEquals(List.of("4"), all(reader));
            reader.seekStart();
            assertTrue(reader.next() && reader.next());
            assertThrows(CorruptDataException.class, reader::next);
            assertEquals(List.of("4"), all(reader));
        }
    }

    @Test
    void aReaderThatGoesToAnotherPlaceOfItsFileHasItOpenAlready() throws Exception {
        try (QueueLink link = create(SMALL);
                LogReader reader = link.reader()) {
            append(link, "0", "1", "2", "3");
            long begin = StateLayout.tail(link.state().currentCycle(), 0);
            assertTrue(reader.next());
            CycleFiles.removeTree(link.directory().cycles().list().get(0).directory()); // what is open can be read on
            reader.seek(2, begin);
            assertEquals(List.of("2", "3"), all(reader));
            reader.seek(1, begin);
            assertEquals(List.of("1", "2", "3"), all(reader));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"directory", "link", "fifo"})
    void whatIsNoFileInThePlaceOfOneIsToldOfAsMissing(String what) throws Exception {
        try (QueueLink link = create(SMALL);
                LogReader reader = link.reader()) {
            append(link, "0", "1");
            Cycle cycle = link.directory().cycles().list().get(0);
            Path file = cycle.file();
            Path moved = Files.move(file, directory.resolve("moved"));
            long size = Files.size(moved);
            switch (what) {
                case "directory" -> Files.createDirectory(file);
                case "link" -> Files.createSymbolicLink(file, moved);
                default -> FileCalls.makeFifo(file.toString(), 0600);
            }
            assertThrows(CorruptDataException.class, reader::next);
            assertFalse(reader.next());
            append(link, "2"); // in a new one: the old one is trimmed
            assertEquals(List.of("2"), all(reader));
            CycleFiles.remove(cycle);
            assertFalse(Files.exists(cycle.directory()));
            assertEquals(size, Files.size(moved), "what a link leads to is not the queue's to cut off");
        }
    }

    @Test
    void allDeletedIsToldOfOnce() throws Exception {
        try (QueueLink link = create(SMALL);
                LogReader reader = link.reader()) {
            append(link, "0", "1");
            CycleFiles.removeTree(link.directory().cycles().list().get(0).directory());
            assertThrows(CorruptDataException.class, reader::next);
            assertFalse(reader.next());
            append(link, "2");
            assertEquals(List.of("2"), all(reader));
        }
    }

    @Test
    void whatUsersShareIsNotReplacedUnderThem() throws Exception {
        try (QueueLink link = create(SMALL)) {
            append(link, "0");
            MemoryArea account = link.segment().area(StateLayout.AREA);
            account.int64(StateLayout.MAGIC_AT).set(0);
            assertThrows(CorruptDataException.class, () -> QueueOpening.open(link.directory()));
            account.int64(StateLayout.MAGIC_AT).set(StateLayout.MAGIC);
            QueueOpening.open(link.directory()).close();
            account.int64(StateLayout.MAGIC_AT).set(0);
        }
        try (QueueLink anew = QueueOpening.open(new QueueDirectory(address.path()))) {
            assertEquals(1, anew.state().nextIndex());
        }
    }

    // ---- the device

    private static long syncs(Worker.Action action) throws Exception {
        return FaultSeam.callsOf(action).stream().filter("fsync"::equals).count();
    }

    @Test
    void theFirstMessageOfACycleIsOnTheDeviceWithItsName() throws Exception {
        try (QueueLink link = create(SMALL.withSync(true));
                LogAppender appender = link.appender()) {
            RecordBuffer record = StepPrograms.record("0");
            link.appending(Deadline.NEVER, () -> appender.append(record, 0));
            assertEquals(2, syncs(appender::sync)); // the file, and the directory that it was renamed in
            link.appending(Deadline.NEVER, () -> appender.append(record, 0));
            assertEquals(1, syncs(appender::sync));
        }
    }

    @Test
    void aGroupIsOnTheDeviceWithItsName() throws Exception {
        try (QueueLink link = create(SMALL.withSync(true))) {
            assertEquals(1, syncs(() -> Journal.create(link.directory(), "g", 0, true)));
        }
    }

    // ---- others at it

    /** Whoever holds the mutex of the first group, for a while. */
    private static SharedMutex.MutexHold hold(SharedMutex mutex) {
        SharedMutex.MutexHold hold = mutex.tryLock();
        assertNotNull(hold, "somebody has it");
        return hold;
    }

    @Test
    void aLookThatCouldNotBeMadeIsMadeAgain() throws Exception {
        try (QueueLink link = create(SMALL);
                Consumer<String> consumer =
                        MessageQueue.open(address, Codecs.utf8()).openConsumer("g");
                SharedMutex mutex = SharedMutex.open(link.segment(), GroupLayout.mutex(0))) {
            append(link, "0");
            SharedMutex.MutexHold hold = hold(mutex);
            try (Worker<Delivery<String>> waiting = Worker.call(consumer::receive)) {
                // Longer than one look takes.
                assertFalse(Await.within(Duration.ofMillis(1200), () -> !mutex.isHeldByCurrentThread()));
                hold.close();
                assertEquals("0", waiting.result().message());
            }
        }
    }

    @Test
    void aTryIsBoundedAndACloseGetsOutWhoWaits() throws Exception {
        try (QueueLink link = create(SMALL);
                SharedMutex mutex = SharedMutex.open(link.segment(), GroupLayout.mutex(0))) {
            append(link, "0");
            Consumer<String> consumer =
                    MessageQueue.open(address, Codecs.utf8()).openConsumer("g");
            SharedMutex.MutexHold hold = hold(mutex);
            try (Worker<Boolean> trying = Worker.run(() -> assertNull(consumer.tryReceive()))) {
                trying.result();
            }
            try (Worker<Delivery<String>> waiting =
                            Worker.call(consumer::receive).awaitBlocked();
                    Worker<Boolean> closing = Worker.run(consumer::close)) {
                waiting.failure(AsynchronousCloseException.class);
                hold.close(); // what it has is given back under the mutex
                closing.result();
            }
        }
    }
}

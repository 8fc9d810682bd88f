package org.jvmipc.shm.internal.ring;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.jvmipc.Address;
import org.jvmipc.shm.RingFullPolicy;
import org.jvmipc.shm.RingKind;
import org.jvmipc.shm.SegmentOptions;
import org.jvmipc.shm.internal.Directory;
import org.jvmipc.shm.internal.RingLayout;
import org.jvmipc.shm.internal.RingShape;
import org.jvmipc.shm.internal.SegmentHandle;
import org.jvmipc.shm.internal.SegmentObjects;
import org.jvmipc.shm.internal.Words;

/**
 * A ring for one trial. A segment for each would be far too dear; so they all lie in the memory of one, and take turns: there are more
 * of them than trials at one time, which are 256 times 40.
 */
final class StressRing {
    static final int CAPACITY = 1024;

    private static final int RINGS = 1 << 14;

    private static final RingShape SHAPE =
            new RingShape(RingKind.ONE_TO_ONE, CAPACITY, 1, 1, CAPACITY / 2 - 8, RingFullPolicy.BLOCK);

    private static final int RING_BYTES = SHAPE.data(0) + CAPACITY;

    private static final AtomicInteger NEXT = new AtomicInteger();

    private static final SegmentHandle.Opened ALL = open();

    final RingMemory memory;
    final LaneProducer producer;
    final LaneConsumer consumer;

    /** One that begins at this position; in its data is what an earlier lap might have left, and a header that is 0. */
    StressRing(long position) {
        int at = ALL.entry().offset() + (NEXT.getAndIncrement() & RINGS - 1) * RING_BYTES;
        Directory.Entry entry = new Directory.Entry("ring", ALL.entry().type(), at, RING_BYTES);
        memory = new RingMemory(new SegmentHandle.Opened(ALL.segment(), entry, ALL.address()), SHAPE);
        ByteBuffer bytes = memory.bytes();
        for (int i = 0; i < RING_BYTES; i += Long.BYTES) {
            bytes.putLong(at + i, i < SHAPE.data(0) ? 0 : -1);
        }
        Words.setLong(bytes, memory.data(0) + ((int) position & CAPACITY - 1), 0);
        producer = new LaneProducer(memory, 0, position);
        consumer = new LaneConsumer(memory, 0, 0);
        consumer.begin(position);
        producer.limitFrom(position);
    }

    private static SegmentHandle.Opened open() {
        try {
            Path directory = Files.createTempDirectory(Path.of("").toAbsolutePath(), "ring");
            Address address = Address.of("ring", directory.resolve("r").toString());
            SegmentObjects.Content content = new SegmentObjects.Content(RINGS * RING_BYTES, (memory, offset) -> {});
            SegmentHandle.Opened opened = SegmentObjects.RING.create(address, SegmentOptions.defaults(), content);
            SegmentObjects.RING.remove(address); // what has it mapped goes on with it
            Files.delete(directory);
            return opened;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Sends a message that is this value again and again, as a sender does. */
    boolean send(long value, int longs) {
        int record = RingLayout.HEADER_BYTES + longs * Long.BYTES;
        if (!producer.reserve(record)) {
            return false;
        }
        fill(producer.message(), value, longs);
        producer.commit(record);
        return true;
    }

    private void fill(int at, long value, int longs) {
        for (int i = 0; i < longs; i++) {
            memory.bytes().putLong(at + i * Long.BYTES, value);
        }
    }

    /** Sends two messages of one number each by one copy and one commit, as a batch does. */
    void sendBoth(long first, long second) {
        int record = RingLayout.HEADER_BYTES + Long.BYTES;
        producer.reserve(2 * record);
        int at = producer.message();
        memory.bytes().putLong(at, first);
        memory.bytes().putLong(at + Long.BYTES, RingLayout.header(RingLayout.MESSAGE, record));
        memory.bytes().putLong(at + record, second);
        producer.commit(record, 2 * record);
    }

    /** Looks where the receiver is, as a sender does that is full. */
    void refresh() {
        producer.limitFrom(Words.getLongAcquire(memory.bytes(), memory.cursor(0) + RingLayout.CURSOR_TAKEN));
    }

    /**
     * Takes the next message.
     *
     * @return the value of which it consists; 0 if there is none, -1 if it is of several
     */
    long receive() {
        int length = consumer.next();
        if (length == LaneConsumer.NONE) {
            return 0;
        }
        int at = consumer.message();
        long value = memory.bytes().getLong(at);
        for (int i = Long.BYTES; i < length; i += Long.BYTES) {
            if (memory.bytes().getLong(at + i) != value) {
                return -1;
            }
        }
        consumer.done();
        return value;
    }
}

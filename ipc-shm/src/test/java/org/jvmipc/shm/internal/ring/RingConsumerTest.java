package org.jvmipc.shm.internal.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.jvmipc.Address;
import org.jvmipc.Codecs;
import org.jvmipc.shm.RingFullPolicy;
import org.jvmipc.shm.RingKind;
import org.jvmipc.shm.RingWaiting;
import org.jvmipc.shm.SegmentOptions;
import org.jvmipc.shm.internal.RingShape;
import org.jvmipc.shm.internal.SegmentObjects;
import org.jvmipc.testkit.MemoryDirectory;

/** A receiver that leaves in the middle. */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RingConsumerTest {
    @TempDir(factory = MemoryDirectory.class)
    Path directory;

    @Test
    void whoHasSeenAMessageBehindPaddingAndDoesNotTakeItLeavesItToTheNext() throws Exception {
        RingShape shape = new RingShape(RingKind.ONE_TO_ONE, 1024, 1, 1, 504, RingFullPolicy.BLOCK);
        Address address = Address.of("ring", directory.resolve("r").toString());
        SegmentObjects.RING
                .create(address, SegmentOptions.defaults(), shape.content(0))
                .segment()
                .close();
        SendingEnd<byte[]> out = SendingEnd.open(
                SegmentObjects.RING.open(address), shape, Codecs.bytes(), Heading.NONE, RingWaiting.ADAPTIVE);
        try {
            RingConsumer first = new RingConsumer(new RingMemory(SegmentObjects.RING.open(address), shape));
            for (int length : new int[] {504, 400}) {
                out.trySend(new byte[length]);
                assertEquals(length, first.next());
                first.done();
            }
            out.trySend(new byte[200]); // 104 bytes of padding before it
            assertEquals(200, first.next());
            first.close();
            RingConsumer second = new RingConsumer(new RingMemory(SegmentObjects.RING.open(address), shape));
            assertEquals(200, second.next());
            second.done();
            second.close();
        } finally {
            out.close();
            SegmentObjects.RING.remove(address);
        }
    }
}

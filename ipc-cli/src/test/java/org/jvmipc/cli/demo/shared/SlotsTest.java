package org.jvmipc.cli.demo.shared;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.jvmipc.cli.demo.DemoOptions;
import org.jvmipc.cli.demo.MessageSource;
import org.jvmipc.cli.demo.Verifier;
import org.jvmipc.shm.SharedMemory;

@Timeout(20)
class SlotsTest {
    private static final long RUN = 5;
    private static final int PAYLOAD_BYTES = 9;
    private static final int PLACES = 3;

    private final MessageSource source = new MessageSource(RUN, 1, PAYLOAD_BYTES);
    private final Verifier verifier = new Verifier(RUN, PAYLOAD_BYTES, 1);
    private SharedMemory memory;
    private Slots slots;

    @BeforeEach
    void make() throws Exception {
        int messageBytes = DemoOptions.messageBytes(PAYLOAD_BYTES);
        int bytes = Slots.bytes(PLACES, messageBytes);
        memory = SharedMemory.anonymous(bytes);
        slots = new Slots(memory.area(0, bytes), messageBytes);
    }

    @AfterEach
    void close() {
        memory.close();
    }

    private void put() {
        slots.put(source.message());
        source.sent();
    }

    @Test
    void isFullWhenAllPlacesAreTaken() {
        assertEquals(PLACES, slots.places());
        assertTrue(slots.isEmpty());
        for (int i = 0; i < PLACES; i++) {
            assertFalse(slots.isFull());
            put();
        }
        assertTrue(slots.isFull());
        assertEquals(PLACES, slots.count());
    }

    @Test
    void handsOverEveryByteInOrderAroundTheEnd() {
        for (int round = 0; round < 10; round++) {
            put();
            put();
            verifier.accept(slots.take());
            verifier.accept(slots.take());
        }
        assertEquals(20, verifier.received(1));
        assertEquals(source.digest(), verifier.digest(1));
        assertEquals(source.sum(), verifier.sum(1));
        assertEquals(20, slots.in());
        assertEquals(20, slots.out());
        assertEquals(0, slots.count());
    }

    @Test
    void doesNotHandOverWhatIsHalfWritten() {
        put();
        slots.putHalf(source.message());
        assertEquals(1, slots.in());
        slots.take();
        assertTrue(slots.isEmpty());
        put(); // in its place
        assertEquals(1, verifier.accept(slots.take()));
    }

    @Test
    void doesNotPutHalfAMessageOverOneThatIsThere() {
        for (int i = 0; i < PLACES; i++) {
            put();
        }
        assertThrows(IllegalStateException.class, () -> slots.putHalf(source.message()));
        assertEquals(1, verifier.accept(slots.take()));
    }

    @Test
    void hasAlwaysOnePlaceAndNeverMoreThanAnAreaHolds() {
        assertEquals(1, Slots.places(1, 100));
        assertEquals(10, Slots.places(1049, 100));
        assertTrue(Slots.bytes(Long.MAX_VALUE / 1000, 1000) > 0);
        assertEquals(64 + 104, Slots.bytes(0, 100));
    }

    @Test
    void leavesTheMessageAsItIs() {
        ByteBuffer message = source.message();
        int remaining = message.remaining();
        slots.put(message);
        assertEquals(remaining, message.remaining());
    }

    @Test
    void whatWasHalfTakenIsStillThere() {
        put();
        slots.takeHalf();
        assertEquals(1, slots.count());
        assertEquals(1, verifier.accept(slots.take()));
        assertThrows(IllegalStateException.class, slots::takeHalf);
    }

    @Test
    void repairMakesTheCountThatOfWhatIsThere() throws Exception {
        put();
        put();
        slots.take();
        memory.area(0, 64).int64(SlotsLayout.COUNT_OFFSET).set(7);
        slots.repair();
        assertEquals(1, slots.count());
    }
}

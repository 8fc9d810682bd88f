package org.jvmipc.shm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.jvmipc.testkit.Worker;

/** Variables, arrays and counters at offsets of an area. */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SharedVariablesTest {
    private final MemoryArea area =
            new MemoryArea(ByteBuffer.allocateDirect(1024).alignedSlice(8).slice(0, 1000), "shm:test");

    @Test
    void allFormsOfAnIntWork() {
        SharedInt word = area.int32(4);
        word.set(1);
        assertEquals(1, word.get());
        word.setRelease(2);
        assertEquals(2, word.getAcquire());
        word.setVolatile(3);
        assertEquals(3, word.getVolatile());
        assertFalse(word.compareAndSet(4, 9));
        assertTrue(word.compareAndSet(3, 4));
        assertEquals(4, word.getAndSet(5));
        assertEquals(5, word.getAndAdd(5));
        assertEquals(11, word.incrementAndGet());
        assertEquals(10, word.decrementAndGet());
        assertEquals(20, word.updateAndGet(value -> 2 * value));
        assertEquals(20, area.buffer().getInt(4));
        assertEquals(0, area.buffer().getInt(0) | area.buffer().getInt(8), "what is beside it is left");
    }

    @Test
    void allFormsOfALongWork() {
        SharedLong word = area.int64(8);
        word.set(1L << 40);
        assertEquals(1L << 40, word.get());
        word.setRelease(2);
        assertEquals(2, word.getAcquire());
        word.setVolatile(3);
        assertEquals(3, word.getVolatile());
        assertFalse(word.compareAndSet(4, 9));
        assertTrue(word.compareAndSet(3, 4));
        assertEquals(4, word.getAndSet(5));
        assertEquals(5, word.getAndAdd(5));
        assertEquals(11, word.incrementAndGet());
        assertEquals(10, word.decrementAndGet());
        assertEquals(20, word.updateAndGet(value -> 2 * value));
        assertEquals(20, area.buffer().getLong(8));
    }

    @Test
    void elementsOfArraysAreVariables() {
        SharedIntArray ints = area.ints(100, 10);
        SharedLongArray longs = area.longs(200, 10);
        for (int i = 0; i < 10; i++) {
            ints.set(i, i);
            longs.set(i, i);
        }
        assertEquals(10, ints.length());
        assertEquals(10, longs.length());
        assertEquals(9, area.buffer().getInt(136));
        assertEquals(9, area.buffer().getLong(272));
        ints.setRelease(3, 7);
        longs.setVolatile(3, 7);
        assertEquals(7, ints.getVolatile(3));
        assertEquals(7, longs.getAcquire(3));
        assertTrue(ints.compareAndSet(3, 7, 8) && longs.compareAndSet(3, 7, 8));
        assertEquals(8, ints.getAndAdd(3, 1) & longs.getAndAdd(3, 1));
        assertEquals(10, ints.incrementAndGet(3) & longs.incrementAndGet(3));
        assertEquals(10, ints.element(3).getAndSet(0));
        assertEquals(10, longs.element(3).getAndSet(0));
        assertThrows(IndexOutOfBoundsException.class, () -> ints.get(10));
        assertThrows(IndexOutOfBoundsException.class, () -> longs.get(-1));
    }

    @Test
    void numbersAreLittleEndian() {
        area.int32(0).set(0x01020304);
        assertEquals(4, area.buffer().get(0));
        assertEquals(ByteOrder.LITTLE_ENDIAN, area.buffer().order());
    }

    @Test
    void offsetsAreWithinTheAreaAndAligned() {
        assertEquals(1000, area.size());
        IndexOutOfBoundsException e = assertThrows(IndexOutOfBoundsException.class, () -> area.int64(1000));
        assertEquals("offset 1000 and 8 bytes are not within the 1000 bytes of the area (shm:test)", e.getMessage());
        assertThrows(IndexOutOfBoundsException.class, () -> area.int32(-4));
        assertThrows(IndexOutOfBoundsException.class, () -> area.ints(0, 251));
        assertThrows(IndexOutOfBoundsException.class, () -> area.longs(0, Integer.MAX_VALUE));
        assertThrows(IndexOutOfBoundsException.class, () -> area.longs(0, -1));
        assertThrows(IndexOutOfBoundsException.class, () -> area.counter(0, 16));
        IllegalArgumentException odd = assertThrows(IllegalArgumentException.class, () -> area.int64(12));
        assertEquals("offset is 12; it must be a multiple of 8 (shm:test)", odd.getMessage());
        assertThrows(IllegalArgumentException.class, () -> area.int32(2));
        assertThrows(IllegalArgumentException.class, () -> area.counter(0, 3));
        assertThrows(IllegalArgumentException.class, () -> area.counter(0, 0));
        assertEquals(0, area.ints(1000, 0).length());
    }

    @Test
    void noneOfWhatManyThreadsCountIsLost() throws Exception {
        SharedCounter counter = area.counter(0, 8);
        SharedInt word = area.int32(512);
        List<Worker<Boolean>> workers = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            workers.add(Worker.run(() -> {
                for (int n = 0; n < 50_000; n++) {
                    counter.increment();
                    word.updateAndGet(value -> value + 1);
                }
            }));
        }
        for (Worker<Boolean> worker : workers) {
            worker.result();
        }
        counter.add(-1);
        assertEquals(199_999, counter.sum());
        assertEquals(200_000, word.get());
    }
}

package org.jvmipc.shm.internal;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.jvmipc.Address;
import org.jvmipc.shm.Segment;
import org.jvmipc.shm.SegmentOptions;
import org.jvmipc.shm.sync.SharedMutex;
import org.jvmipc.shm.sync.SharedMutex.MutexHold;

/** The watch of threads that end while they hold a mutex. */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class MutexStateTest {
    @TempDir
    Path directory;

    /** The watch reads who holds it, then looks whether that thread lives: meanwhile it may have given it back and ended. */
    @Test
    void aThreadThatGaveItBackAndEndedDidNotDieWithIt() throws Exception {
        Address place = Address.of("segment", directory.resolve("s").toString());
        try (Segment segment = Segment.create(place, SegmentOptions.defaults());
                SharedMutex mutex = SharedMutex.create(segment, "m")) {
            int offset = Math.toIntExact(segment.objects().get(0).offset());
            MutexState state = SegmentAccess.of(segment).membership().mutex(offset);
            Thread first = new Thread(() -> {
                if (state.tryTake()) {
                    state.give();
                }
            });
            first.start();
            first.join();

            assertTrue(state.tryTake());
            state.tick(first);

            assertTrue(state.isHeldByThisThread(), "taken from a thread that holds it");
            assertTrue(state.give());
            try (MutexHold hold = mutex.lock()) {
                assertFalse(hold.previousOwnerDied(), "the death of nobody is told");
            }
        }
    }

    @Test
    void aThreadThatEndedWithItDied() throws Exception {
        Address place = Address.of("segment", directory.resolve("s").toString());
        try (Segment segment = Segment.create(place, SegmentOptions.defaults());
                SharedMutex mutex = SharedMutex.create(segment, "m")) {
            int offset = Math.toIntExact(segment.objects().get(0).offset());
            MutexState state = SegmentAccess.of(segment).membership().mutex(offset);
            Thread first = new Thread(state::tryTake);
            first.start();
            first.join();

            state.tick(first);

            try (MutexHold hold = mutex.lock()) {
                assertTrue(hold.previousOwnerDied());
            }
        }
    }
}

package org.jvmipc.shm.sync;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.jvmipc.Address;
import org.jvmipc.process.ChildJvm;
import org.jvmipc.process.ParentJvm;
import org.jvmipc.shm.Segment;
import org.jvmipc.shm.SegmentOptions;
import org.jvmipc.shm.SharedInt;
import org.jvmipc.shm.sync.SharedMutex.MutexHold;
import org.jvmipc.testkit.Await;
import org.jvmipc.testkit.Campaign;
import org.jvmipc.testkit.ChildMain;
import org.jvmipc.testkit.ChildProgram;
import org.jvmipc.testkit.Children;
import org.jvmipc.testkit.NoLeaks;

/**
 * {@code kill -9} of JVMs whose threads take items and wait for them, at random points: what there is the others take. At chosen points
 * it is done by {@link WakeUpKillIT} and {@link WokenWaiterKillIT}.
 */
@ExtendWith(NoLeaks.class)
@Timeout(value = 240, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ConditionKillIT implements NoLeaks.WarmUp {
    private static final int BURST = 20;

    @TempDir
    Path directory;

    private Address place;

    @BeforeEach
    void name() {
        place = Address.of("segment", directory.resolve("s").toString());
    }

    @Override
    public void warmUp() throws Exception {
        name();
        round(1);
    }

    /** Items, and who waits for one, or for that there is none. */
    @SuppressWarnings("try") // holds that are only held
    private static final class Store implements AutoCloseable {
        private final SharedMutex mutex;
        private final SharedCondition filled;
        private final SharedCondition emptied;
        private final SharedInt items;

        private Store(Segment segment) throws Exception {
            mutex = SharedMutex.openOrCreate(segment, "mutex");
            filled = SharedCondition.openOrCreate(segment, "filled");
            emptied = SharedCondition.openOrCreate(segment, "emptied");
            items = segment.areaOrCreate("items", Integer.BYTES).int32(0);
        }

        private void take(boolean signalsHeld) throws InterruptedException {
            int left;
            try (MutexHold hold = mutex.lock()) {
                while (items.get() == 0) {
                    filled.await(hold);
                }
                left = items.get() - 1;
                items.set(left);
                if (left == 0 && signalsHeld) {
                    emptied.signalAll(hold);
                }
            }
            if (left == 0 && !signalsHeld) {
                emptied.signalAll();
            }
        }

        private void put(boolean signalsHeld) throws InterruptedException {
            try (MutexHold hold = mutex.lock()) {
                items.set(items.get() + 1);
                if (signalsHeld) {
                    filled.signal(hold);
                }
            }
            if (!signalsHeld) {
                filled.signal();
            }
        }

        private boolean awaitEmpty() throws InterruptedException {
            long end = System.nanoTime() + Await.LONG.toNanos();
            try (MutexHold hold = mutex.lock()) {
                while (items.get() > 0) {
                    if (!emptied.tryAwait(hold, Duration.ofNanos(end - System.nanoTime()))) {
                        return items.get() == 0;
                    }
                }
                return true;
            }
        }

        @Override
        public void close() {
            mutex.close();
            filled.close();
            emptied.close();
        }
    }

    /** Takes in several threads until it is killed. */
    static final class Taking implements ChildProgram {
        @Override
        public void run(ParentJvm parent, String[] arguments) throws Exception {
            Store store = new Store(Segment.open(Address.of(arguments[0])));
            for (int i = 0; i < 3; i++) {
                boolean signalsHeld = i % 2 == 0;
                Thread thread = new Thread(() -> {
                    try {
                        while (true) {
                            store.take(signalsHeld);
                        }
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                });
                thread.setDaemon(true);
                thread.start();
            }
            parent.ready();
            while (true) {
                LockSupport.park();
            }
        }
    }

    private void round(int bursts) throws Exception {
        try (Segment segment = Segment.create(place, SegmentOptions.defaults());
                Store store = new Store(segment);
                ChildJvm survivor = Children.start(ChildMain.launcher(Taking.class, place));
                ChildJvm victim = Children.start(ChildMain.launcher(Taking.class, place))) {
            int last = ThreadLocalRandom.current().nextInt(bursts * BURST); // put before the kill
            for (int put = 0; put < bursts * BURST; put++) {
                store.put(put % 2 == 0);
                if (put == last) {
                    victim.kill();
                }
                assertTrue(
                        put % BURST > 0 || store.awaitEmpty(),
                        () -> "nobody takes what there is: " + store.items.get());
            }
            victim.awaitExit();
            store.put(true);
            assertTrue(store.awaitEmpty(), "nobody takes the last one");
            survivor.kill();
            survivor.awaitExit();
        } finally {
            Segment.remove(place);
        }
    }

    @Test
    void whatThereIsIsTakenByTheSurvivors() throws Exception {
        for (int round = 0; round < Campaign.size(4, 1000); round++) {
            round(50);
        }
    }
}

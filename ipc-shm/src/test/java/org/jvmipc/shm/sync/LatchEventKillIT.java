package org.jvmipc.shm.sync;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
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
import org.jvmipc.testkit.Await;
import org.jvmipc.testkit.Campaign;
import org.jvmipc.testkit.ChildMain;
import org.jvmipc.testkit.ChildProgram;
import org.jvmipc.testkit.Children;
import org.jvmipc.testkit.NoLeaks;
import org.jvmipc.testkit.Worker;

/**
 * {@code kill -9}, at a random moment, of a JVM whose threads wait for ten latches and twenty events, count down and set them: whoever is
 * left waits for nothing that has come. At chosen points it is done by {@link WakeUpKillIT} and {@link WokenWaiterKillIT}.
 */
@ExtendWith(NoLeaks.class)
@Timeout(value = 240, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LatchEventKillIT implements NoLeaks.WarmUp {
    private static final int EACH = 10;
    private static final int COUNT = 3;

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
        round();
    }

    /** One of each, with the same number. */
    @SuppressWarnings("try") // nothing that fails
    private static final class Place implements AutoCloseable {
        private final SharedLatch latch;
        private final SharedEvent automatic;
        private final SharedEvent manual;

        private Place(Segment segment, int number) throws IOException {
            latch = SharedLatch.openOrCreate(segment, "latch" + number, COUNT);
            automatic = SharedEvent.openOrCreate(segment, "automatic" + number, true);
            manual = SharedEvent.openOrCreate(segment, "manual" + number, false);
        }

        private static List<Place> all(Segment segment) throws IOException {
            List<Place> all = new ArrayList<>();
            for (int i = 0; i < EACH; i++) {
                all.add(new Place(segment, i));
            }
            return all;
        }

        @Override
        public void close() {
            latch.close();
            automatic.close();
            manual.close();
        }
    }

    /** Waits for all, counts down and sets all, until it is killed. */
    static final class Victim implements ChildProgram {
        @Override
        public void run(ParentJvm parent, String[] arguments) throws Exception {
            List<Place> places = Place.all(Segment.open(Address.of(arguments[0])));
            for (Place place : places) {
                start(place.latch::await);
                start(place.manual::await);
                start(() -> {
                    while (place.automatic.isOpen()) {
                        place.automatic.await();
                    }
                });
            }
            parent.ready();
            start(() -> places.forEach(place -> place.latch.countDown()));
            start(() -> places.forEach(place -> place.manual.set()));
            start(() -> {
                while (!places.isEmpty()) {
                    places.forEach(place -> place.automatic.set());
                }
            });
            while (!places.isEmpty()) {
                LockSupport.park();
            }
        }

        private interface Waits {
            void run() throws InterruptedException;
        }

        private static void start(Waits waits) {
            Thread thread = new Thread(() -> {
                try {
                    waits.run();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            });
            thread.setDaemon(true);
            thread.start();
        }
    }

    /** The threads here that wait at one place. */
    private static final class Waiters implements AutoCloseable {
        private final Place place;
        private final AtomicInteger taken = new AtomicInteger();
        private final Worker<Boolean> latch;
        private final Worker<Boolean> manual;
        private final Worker<Boolean> automatic;

        private Waiters(Place place) throws Exception {
            this.place = place;
            this.latch = Worker.run(place.latch::await).awaitBlocked();
            this.manual = Worker.run(place.manual::await).awaitBlocked();
            this.automatic = Worker.run(() -> {
                        while (true) {
                            place.automatic.await();
                            taken.incrementAndGet();
                        }
                    })
                    .awaitBlocked();
        }

        /** The dead one has left nothing that one waits for in vain. */
        private void check() throws Exception {
            assertTrue(place.latch.count() >= COUNT - 1, () -> "it counted down once at most: " + place.latch.count());
            while (place.latch.count() > 0) {
                place.latch.countDown();
            }
            latch.result();
            if (!place.manual.isSet()) {
                place.manual.set();
            }
            manual.result();
            Await.until("what was set is taken", () -> !place.automatic.isSet());
            for (int i = 0; i < 3; i++) {
                int before = taken.get();
                place.automatic.set();
                Await.until("it is taken", () -> taken.get() > before);
            }
        }

        @Override
        public void close() {
            latch.close();
            manual.close();
            automatic.close();
        }
    }

    private void round() throws Exception {
        List<Waiters> waiters = new ArrayList<>();
        try (Segment segment = Segment.create(place, SegmentOptions.defaults())) {
            List<Place> places = Place.all(segment);
            for (Place each : places) {
                waiters.add(new Waiters(each));
            }
            try (ChildJvm victim = Children.start(ChildMain.launcher(Victim.class, place))) {
                LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(3_000_000)); // the random moment
                victim.kill();
                victim.awaitExit();
            }
            for (Waiters each : waiters) {
                each.check();
            }
            waiters.forEach(Waiters::close);
            places.forEach(Place::close);
        } finally {
            waiters.forEach(Waiters::close);
            Segment.remove(place);
        }
    }

    @Test
    void whoIsLeftWaitsForNothingThatHasCome() throws Exception {
        for (int round = 0; round < Campaign.size(5, 100); round++) {
            round();
        }
    }
}

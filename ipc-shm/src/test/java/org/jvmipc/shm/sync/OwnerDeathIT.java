package org.jvmipc.shm.sync;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.jvmipc.Address;
import org.jvmipc.process.ChildJvm;
import org.jvmipc.process.ParentJvm;
import org.jvmipc.shm.Segment;
import org.jvmipc.shm.SegmentOptions;
import org.jvmipc.testkit.Campaign;
import org.jvmipc.testkit.ChildMain;
import org.jvmipc.testkit.ChildProgram;
import org.jvmipc.testkit.Children;
import org.jvmipc.testkit.NoLeaks;
import org.jvmipc.testkit.Worker;

/** The places of a killed process are free when those who sleep on an event count are woken, and they are woken. */
@ExtendWith(NoLeaks.class)
@Timeout(value = 240, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class OwnerDeathIT implements NoLeaks.WarmUp {
    private static final int PLACES = 100;

    @TempDir
    Path directory;

    @Override
    public void warmUp() throws Exception {
        theDeathOfAHolderFreesItsPlacesAndTellsThoseWhoWait();
        Segment.remove(place());
    }

    private Address place() {
        return Address.of("segment", directory.resolve("s").toString());
    }

    /** Takes every second place, and sleeps. */
    static final class Holding implements ChildProgram {
        @Override
        public void run(ParentJvm parent, String[] arguments) throws Exception {
            Segment segment = Segment.open(Address.of(arguments[0]));
            SharedOwners owners = SharedOwners.open(segment, "owners");
            for (int i = 0; i < PLACES; i += 2) {
                assertTrue(owners.tryClaim(i));
            }
            parent.ready();
            while (owners.isOpen()) {
                LockSupport.park();
            }
        }
    }

    @Test
    void theDeathOfAHolderFreesItsPlacesAndTellsThoseWhoWait() throws Exception {
        Address place = place();
        try (Segment segment = Segment.create(place, SegmentOptions.defaults());
                SharedEventCount count = SharedEventCount.create(segment, "count");
                SharedOwners owners = SharedOwners.create(segment, "owners", PLACES)) {
            assertTrue(owners.tryClaim(1));
            for (int round = 0; round < Campaign.size(2, 200); round++) {
                try (ChildJvm child = Children.start(ChildMain.launcher(Holding.class, place))) {
                    assertTrue(owners.isHeld(0) && !owners.isMine(0));
                    assertFalse(owners.tryClaim(0));
                    int seen = count.read();
                    try (Worker<Boolean> waiting = Worker.call(() -> {
                        count.await(seen);
                        return owners.isHeld(0);
                    })) {
                        waiting.awaitBlocked();
                        child.kill();
                        assertFalse(waiting.result(), "told before the place was free");
                    }
                    for (int i = 0; i < PLACES; i++) {
                        assertTrue(owners.isHeld(i) == (i == 1), "place " + i);
                    }
                }
            }
        }
    }
}

package org.jvmipc.shm.sync;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.jvmipc.Address;
import org.jvmipc.process.ChildJvm;
import org.jvmipc.process.ParentJvm;
import org.jvmipc.shm.Segment;
import org.jvmipc.shm.SegmentOptions;
import org.jvmipc.testkit.ChildProgram;
import org.jvmipc.testkit.FaultSeam;
import org.jvmipc.testkit.KillWalk;
import org.jvmipc.testkit.NoLeaks;
import org.jvmipc.testkit.Worker;

/** Who counts up is killed between the count and the wake-up: those who sleep look again all the same. */
@ExtendWith(NoLeaks.class)
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class EventCountKillIT implements NoLeaks.WarmUp {
    @TempDir
    Path directory;

    private Address place() {
        return Address.of("segment", directory.resolve("s").toString());
    }

    @Override
    public void warmUp() throws Exception {
        round(new Starting() {
            @Override
            public ChildJvm start() throws Exception {
                return FaultSeam.launcher(Advances.class, place()).start();
            }

            @Override
            public void awaitEnd(ChildJvm child) throws Exception {
                FaultSeam.awaitEnd(child);
            }
        });
    }

    /** Counts up once; the wake-up is the only call into the kernel. */
    static final class Advances implements ChildProgram {
        @Override
        public void run(ParentJvm parent, String[] arguments) throws Exception {
            try (Segment segment = Segment.open(Address.of(arguments[0]));
                    SharedEventCount count = SharedEventCount.open(segment, "c")) {
                FaultSeam.underKillInIt(count::advance);
            }
        }
    }

    private interface Starting {
        ChildJvm start() throws Exception;

        void awaitEnd(ChildJvm child) throws Exception;
    }

    private void round(Starting starting) throws Exception {
        try (Segment segment = Segment.create(place(), SegmentOptions.defaults());
                SharedEventCount count = SharedEventCount.create(segment, "c");
                Worker<Boolean> sleeping = Worker.run(() -> count.await(0)).awaitBlocked();
                ChildJvm child = starting.start()) {
            starting.awaitEnd(child);
            sleeping.result();
        } finally {
            Segment.remove(place());
        }
    }

    @Test
    void whoeverSleepsIsWoken() throws Exception {
        int kills = new KillWalk()
                .walk(victim -> round(new Starting() {
                    @Override
                    public ChildJvm start() throws Exception {
                        return victim.start(Advances.class, place());
                    }

                    @Override
                    public void awaitEnd(ChildJvm child) throws Exception {
                        victim.awaitEnd(child);
                    }
                }));
        assertTrue(kills > 0, "nobody was killed at the wake-up");
    }
}

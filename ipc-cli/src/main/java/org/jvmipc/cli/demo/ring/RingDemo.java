package org.jvmipc.cli.demo.ring;

import java.io.IOException;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.jvmipc.Address;
import org.jvmipc.cli.demo.Demo;
import org.jvmipc.cli.demo.DemoObject;
import org.jvmipc.cli.demo.DemoOption;
import org.jvmipc.cli.demo.DemoOptions;
import org.jvmipc.cli.demo.DemoReport;
import org.jvmipc.cli.demo.DemoRun;
import org.jvmipc.cli.demo.Findings;
import org.jvmipc.shm.RingKind;
import org.jvmipc.shm.SharedRing;

/** The demo of the ring in shared memory: producers, consumers, and no lock between them. */
public final class RingDemo implements Demo {
    /** Its name. */
    public static final String MECHANISM = "ring";

    static final String KILL_PRODUCER = "producer";
    static final String KILL_CONSUMER = "consumer";

    @Override
    public String mechanism() {
        return MECHANISM;
    }

    @Override
    public List<String> processes() {
        return List.of("producers", "consumers");
    }

    @Override
    public String shows() {
        return "a buffer without a lock";
    }

    @Override
    public Set<DemoOption> options() {
        return EnumSet.of(
                DemoOption.PAYLOAD,
                DemoOption.CHILDREN,
                DemoOption.CAPACITY,
                DemoOption.KILL_AFTER,
                DemoOption.KIND,
                DemoOption.VICTIM,
                DemoOption.SLOW,
                DemoOption.SEED);
    }

    @Override
    public List<String> kinds() {
        return Arrays.stream(RingKind.values()).map(RingSetup::word).toList();
    }

    @Override
    public boolean kindSaysWhoIsKilled() {
        return false;
    }

    @Override
    public List<String> victims() {
        return List.of(KILL_PRODUCER, KILL_CONSUMER);
    }

    @Override
    public @Nullable String contradiction(DemoOptions options) {
        RingSetup setup = RingSetup.of(options);
        if (setup.kind() == RingKind.ONE_TO_ONE && options.childrenOr(1) > 1) {
            return "a ring of the kind one-to-one has one producer and one consumer, not " + options.children();
        }
        try {
            setup.options();
            return null;
        } catch (IllegalArgumentException e) {
            return "no ring is so large: " + e.getMessage();
        }
    }

    @Override
    public List<Class<?>> sources() {
        return List.of(RingParent.class, RingProducer.class, RingConsumer.class);
    }

    @Override
    public DemoReport run(DemoOptions options, Consumer<String> progress) throws IOException, InterruptedException {
        RingSetup setup = RingSetup.of(options);
        return DemoRun.play(options, progress, run -> {
            DemoObject ring = DemoObject.create(run, MECHANISM, name -> create(name, setup));
            Findings findings;
            try (ring;
                    RingParent parent = new RingParent(options, setup, run, ring.address())) {
                findings = new RingFindings(options, setup, parent.transfer()).judge();
            }
            findings.leftBehind(DemoObject.leftovers(ring));
            return findings;
        });
    }

    private static Address create(String name, RingSetup setup) throws IOException {
        Address owned = Address.of(MECHANISM, name).with("owned", "");
        try (SharedRing ring = SharedRing.create(owned, setup.options())) {
            return ring.address();
        }
    }
}

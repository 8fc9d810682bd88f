package org.jvmipc.testkit;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.Set;
import org.jvmipc.Capability;

/** What a transport says of itself, and has to prove in its contract tests. */
public interface Claims {
    /** What it can do. The switch of the tests: what is not claimed is not tested. */
    Set<Capability> capabilities();

    /** The largest message that the ends opened by the test take, in bytes. */
    int largestMessageBytes();

    /** Whether an end is told again and again; a FIFO's receiver tells it once and waits for the next writer. */
    default boolean endsForGood() {
        return true;
    }

    /** Skips a test that is about something this transport does not claim. */
    default void needs(Capability... needed) {
        for (Capability capability : needed) {
            assumeTrue(capabilities().contains(capability), () -> "this transport is not " + capability);
        }
    }
}

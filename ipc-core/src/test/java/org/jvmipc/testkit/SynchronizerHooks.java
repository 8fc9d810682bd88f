package org.jvmipc.testkit;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.List;
import java.util.Set;

/** How {@link SynchronizerContract} gets its gates. */
public interface SynchronizerHooks {
    /** What a gate promises beyond admitting one at a time. */
    enum Trait {
        /** Who went in goes out: going in twice and going out by another is a typed error. */
        OWNED_BY_THREAD,
        /** What a killed process, or an ended thread, held comes back. */
        RETURNS_AT_DEATH,
        /** The next one is told of a death. */
        TELLS_DEATH,
        /** Threads of one JVM go in in the order in which they came. */
        FAIR,
        /** A child JVM can have a handle. */
        CROSS_JVM
    }

    /** A further handle on the test's one object; the first call makes the object. */
    Gate open() throws Exception;

    /** What it promises. */
    Set<Trait> traits();

    /** The class of gates, which a child makes by its constructor with {@link #address()}. */
    Class<? extends Gate> gateClass();

    /** By which a child opens the object; called after {@link #open}. */
    default String address() throws Exception {
        throw new UnsupportedOperationException("claims CROSS_JVM but has no address");
    }

    /** What {@link Gate#acquire} fails with when its thread is in. */
    Class<? extends RuntimeException> alreadyHeld();

    /** What {@link Gate#release} fails with when nobody, or another thread, is in. */
    Class<? extends RuntimeException> notHeld();

    /** What fails after {@link Gate#close}, and a call that is blocked then. */
    Class<? extends Exception> closed();

    /** Skips the test unless all of these are promised. */
    default void needs(Trait... traits) {
        assumeTrue(traits().containsAll(List.of(traits)), () -> "does not promise " + List.of(traits));
    }
}

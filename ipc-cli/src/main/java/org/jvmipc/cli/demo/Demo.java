package org.jvmipc.cli.demo;

import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The demo of one mechanism. */
public interface Demo {
    /** The mechanism, which is the demo's name. */
    String mechanism();

    /** The roles of its processes. */
    List<String> processes();

    /** What it shows, on one line. */
    String shows();

    /** The options it takes besides those that all take. */
    Set<DemoOption> options();

    /** The kinds of it ({@link DemoOption#KIND}), the one unless said otherwise first. */
    default List<String> kinds() {
        return List.of();
    }

    /** Whether its kinds are who is killed, so that one makes sense with {@link DemoOption#KILL_AFTER} only. */
    default boolean kindSaysWhoIsKilled() {
        return true;
    }

    /** Who can be killed ({@link DemoOption#VICTIM}), where the kinds do not say it; unless said otherwise the first, or as the seed decides. */
    default List<String> victims() {
        return List.of();
    }

    /** Why it cannot do what these say together; null if it can. */
    default @Nullable String contradiction(DemoOptions options) {
        return null;
    }

    /** The largest payload that its messages can have, in bytes. */
    default int largestPayloadBytes() {
        return DemoOptions.MAX_PAYLOAD_BYTES;
    }

    /** The main classes of its processes, for reading. */
    List<Class<?>> sources();

    /**
     * Runs it. No process of it is left when this returns or throws.
     *
     * @param progress is told what it is about, one phrase a phase
     * @throws DemoTimeoutException if it took longer than allowed
     * @throws IOException if it could not be carried out; that its law did not hold is a verdict instead
     * @throws InterruptedException if interrupted
     */
    DemoReport run(DemoOptions options, Consumer<String> progress) throws IOException, InterruptedException;
}

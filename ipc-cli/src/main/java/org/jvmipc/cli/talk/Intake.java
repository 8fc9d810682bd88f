package org.jvmipc.cli.talk;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.jvmipc.cli.frame.WaitOptions;

/** Where {@code recv} gets messages from. */
interface Intake extends Closeable {
    /** What is to be done before a wait. */
    interface BeforeWaiting {
        void run() throws IOException, InterruptedException;
    }

    /**
     * The next message, valid until the next call.
     *
     * @param beforeWaiting is called when nothing is there at once
     * @return null if it did not come in time, or nothing more comes: {@link #isOver()}
     */
    @Nullable
    ByteBuffer next(WaitOptions options, BeforeWaiting beforeWaiting) throws IOException, InterruptedException;

    /** Whether nothing more comes, and all is in order. */
    boolean isOver();

    /** What is known of the last message besides its bytes, by its names in JSON. */
    default Map<String, Object> known() {
        return Map.of();
    }

    /** Whether what was printed should be written now. */
    default boolean hasEnough() {
        return false;
    }

    /** So many more messages, in their order, are written to standard output. */
    default void written(int messages) throws IOException {}
}

package org.jvmipc.testkit;

import java.io.IOException;
import java.time.Duration;

/**
 * One handle on an object that admits one at a time: what {@link SynchronizerContract} drives. A test implements it over its
 * mechanism; a child JVM makes one by its class, whose constructor takes an address.
 */
public interface Gate extends AutoCloseable {
    /**
     * Goes in, and waits for that.
     *
     * @return whether the last one who was in died there; false of what does not tell
     */
    boolean acquire() throws Exception;

    /** Goes in if that needs no waiting. */
    boolean tryAcquire() throws Exception;

    /** Goes in, and waits at most that long. */
    boolean tryAcquire(Duration timeout) throws Exception;

    /** Goes out. By the thread that is in, where that matters. */
    void release() throws Exception;

    @Override
    void close() throws IOException;
}

package org.jvmipc.pipes;

import java.io.IOException;

/**
 * Both ends of one pipe inside this process, for threads and tests.
 *
 * @param sender the writing end
 * @param receiver the reading end
 */
public record PipePair<T>(PipeSender<T> sender, PipeReceiver<T> receiver) implements AutoCloseable {
    /** Closes the writing end, then the reading end. */
    @Override
    public void close() throws IOException {
        try (receiver) {
            sender.close();
        }
    }
}

package org.jvmipc;

import java.io.IOException;

/**
 * Messages on their way out together, for speed: one call of the operating system carries many.
 *
 * <pre>{@code
 * try (Batch<byte[]> batch = sender.batch()) {
 *     for (byte[] record : records) {
 *         batch.add(record);
 *     }
 * } // all of them are in the channel here
 * }</pre>
 *
 * <p>A message that was added is either held in the batch or already sent. It is in the channel, and survives this
 * process, when {@link #flush()} or {@link #close()} has returned.
 *
 * <p><b>Thread safety.</b> None: a batch belongs to one thread. The {@link Sender} it came from stays usable by others.
 */
public interface Batch<T> extends AutoCloseable {
    /**
     * Adds a message, and waits while the batch and the channel are full.
     *
     * @throws InterruptedException if interrupted while waiting; the message was not added, earlier ones are kept
     * @throws LimitException if the message is larger than the channel takes; the batch is usable
     * @throws IOException if the batch could not be handed over
     */
    void add(T message) throws IOException, InterruptedException;

    /**
     * Hands over all that was added.
     *
     * @throws InterruptedException if interrupted while waiting; a leading part was sent, the rest is kept
     * @throws IOException if the batch could not be handed over; the batch is over, and of its messages a leading part
     *     may have been or may still be sent
     */
    void flush() throws IOException, InterruptedException;

    /**
     * Flushes, and ends the batch. A batch whose hand-over failed is not tried again, and one whose last {@link #add} or
     * {@link #flush} was interrupted does not wait any more: call {@link #flush} again to go on after an interrupt.
     *
     * @throws java.io.InterruptedIOException if interrupted while waiting, with the thread's interrupt status set: a
     *     leading part was sent, and the batch is still open with the rest; or if an interrupt before it has left messages
     *     that were not handed over, which are dropped
     * @throws IOException if the batch could not be handed over
     */
    @Override
    void close() throws IOException;
}

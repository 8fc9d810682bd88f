package org.jvmipc;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/** The messages of a receiver, one after the other; see {@link Receivers#iterate}. */
final class ReceiverIterator<T> implements Iterator<T> {
    private final Receiver<T> receiver;
    private @Nullable T next;
    private boolean ended;

    ReceiverIterator(Receiver<T> receiver) {
        this.receiver = receiver;
    }

    @Override
    public boolean hasNext() {
        if (next == null && !ended) {
            next = receive();
            ended = next == null;
        }
        return next != null;
    }

    /** Null at the end. */
    private @Nullable T receive() {
        try {
            return receiver.receive();
        } catch (PeerGoneException e) {
            if (e.reason() == PeerGoneException.Reason.CLOSED) {
                return null;
            }
            throw new UncheckedIOException(e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            InterruptedIOException interrupted =
                    new InterruptedIOException(receiver.address() + ": interrupted while waiting for a message");
            interrupted.initCause(e);
            throw new UncheckedIOException(interrupted);
        }
    }

    @Override
    public T next() {
        if (!hasNext()) {
            throw new NoSuchElementException(receiver.address() + ": the stream has ended");
        }
        T message = next;
        if (message == null) {
            throw new IllegalStateException("an iterator is for one thread");
        }
        next = null;
        return message;
    }
}

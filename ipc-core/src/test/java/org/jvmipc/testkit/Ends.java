package org.jvmipc.testkit;

import java.io.Closeable;
import java.io.IOException;
import org.jvmipc.Receiver;
import org.jvmipc.Sender;

/**
 * Both ends of one channel, in one JVM.
 *
 * @param rest what else has to be closed after the two, such as a listener, or removed, such as a name
 */
public record Ends<T>(Sender<T> sender, Receiver<T> receiver, Closeable rest) implements Closeable {
    /** Ends that are all there is. */
    public Ends(Sender<T> sender, Receiver<T> receiver) {
        this(sender, receiver, () -> {});
    }

    /** Closes the receiver first, so that the sender of a full channel need not wait for room to say goodbye. */
    @Override
    public void close() throws IOException {
        try {
            receiver.close();
        } finally {
            try {
                sender.close();
            } finally {
                rest.close();
            }
        }
    }
}

package org.jvmipc.testkit;

import java.io.IOException;
import org.jvmipc.Capability;
import org.jvmipc.Codec;
import org.jvmipc.Receiver;
import org.jvmipc.Sender;

/** How {@link TransportContract} gets its channels. */
public interface ContractHooks extends Claims {
    /** Both ends of a new, empty channel. */
    <T> Ends<T> open(Codec<T> codec) throws IOException, InterruptedException;

    /** One more sender into the same channel; asked only of those who claim {@link Capability#MANY_SENDERS}. */
    default <T> Sender<T> anotherSender(Ends<T> ends, Codec<T> codec) throws IOException, InterruptedException {
        throw new UnsupportedOperationException("claims MANY_SENDERS but does not say how to open one more");
    }

    /**
     * One more receiver from the same channel; asked only of those who claim {@link Capability#MANY_RECEIVERS} or
     * {@link Capability#BROADCAST}.
     */
    default <T> Receiver<T> anotherReceiver(Ends<T> ends, Codec<T> codec) throws IOException, InterruptedException {
        throw new UnsupportedOperationException("claims several receivers but does not say how to open one more");
    }

    /**
     * How many bytes of messages it holds in any case, where what it holds changes by itself; 0 where it does not, so that it always
     * holds what it once held.
     */
    default int leastCapacityBytes() {
        return 0;
    }

    /** Says that what the receiver has handed out last is done with, where that is to be said: a close is to put nothing back. */
    default void done(Receiver<?> receiver) throws IOException {}
}

package org.jvmipc.spi;

import java.io.IOException;
import java.util.List;
import org.jvmipc.Address;
import org.jvmipc.Codec;
import org.jvmipc.Connection;
import org.jvmipc.Receiver;
import org.jvmipc.Sender;
import org.jvmipc.UnsupportedMechanismException;

/** A scheme whose objects carry messages. */
public interface Transport extends Scheme {
    /**
     * Opens the sending side.
     *
     * @throws InterruptedException if opening waits for the other side and was interrupted
     */
    <T> Sender<T> openSender(Address address, Codec<T> codec) throws IOException, InterruptedException;

    /**
     * Opens the receiving side.
     *
     * @throws InterruptedException if opening waits for the other side and was interrupted
     */
    <T> Receiver<T> openReceiver(Address address, Codec<T> codec) throws IOException, InterruptedException;

    /**
     * Opens both directions at once, where the transport has them ({@link org.jvmipc.Capability#DUPLEX}).
     *
     * @throws InterruptedException if opening waits for the other side and was interrupted
     */
    default <T> Connection<T> openConnection(Address address, Codec<T> codec) throws IOException, InterruptedException {
        throw new UnsupportedMechanismException(address + ": " + name() + " carries one direction only");
    }

    /** What a JVM needs on its command line to use this transport; the launcher adds it to children. */
    default List<String> jvmArguments() {
        return List.of();
    }
}

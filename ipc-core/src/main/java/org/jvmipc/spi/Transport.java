package org.jvmipc.spi;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.jvmipc.Address;
import org.jvmipc.Codec;
import org.jvmipc.Connection;
import org.jvmipc.Listener;
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
     * Opens the sending side, and waits at most the given time if opening waits for the other side.
     *
     * @param timeout how long to wait; zero or less: not at all
     * @return null if the other side was not there in that time
     * @throws InterruptedException if opening waits for the other side and was interrupted
     */
    default <T> @Nullable Sender<T> tryOpenSender(Address address, Codec<T> codec, Duration timeout)
            throws IOException, InterruptedException {
        return openSender(address, codec);
    }

    /**
     * Opens the receiving side.
     *
     * @throws InterruptedException if opening waits for the other side and was interrupted
     */
    <T> Receiver<T> openReceiver(Address address, Codec<T> codec) throws IOException, InterruptedException;

    /**
     * Opens the receiving side, and waits at most the given time if opening waits for the other side.
     *
     * @param timeout how long to wait; zero or less: not at all
     * @return null if the other side was not there in that time
     * @throws InterruptedException if opening waits for the other side and was interrupted
     */
    default <T> @Nullable Receiver<T> tryOpenReceiver(Address address, Codec<T> codec, Duration timeout)
            throws IOException, InterruptedException {
        return openReceiver(address, codec);
    }

    /**
     * Opens both directions at once, where the transport has them ({@link org.jvmipc.Capability#DUPLEX}).
     *
     * @throws InterruptedException if opening waits for the other side and was interrupted
     */
    default <T> Connection<T> openConnection(Address address, Codec<T> codec) throws IOException, InterruptedException {
        throw new UnsupportedMechanismException(address + ": " + name() + " carries one direction only");
    }

    /**
     * Opens both directions, and waits at most the given time if opening waits for the other side.
     *
     * @param timeout how long to wait; zero or less: not at all
     * @return null if the other side was not there in that time
     * @throws InterruptedException if opening waits for the other side and was interrupted
     */
    default <T> @Nullable Connection<T> tryOpenConnection(Address address, Codec<T> codec, Duration timeout)
            throws IOException, InterruptedException {
        return openConnection(address, codec);
    }

    /**
     * Opens the welcoming side, from which connections are accepted, where the transport has one. A parameter
     * {@code backlog} in the address, if the scheme has it, is how many may wait to be accepted.
     */
    default <T> Listener<T> openListener(Address address, Codec<T> codec) throws IOException {
        throw new UnsupportedMechanismException(address + ": " + name() + " makes no connections");
    }

    /** Whether {@link #openListener} and {@link #openConnection} are there: servers and clients. */
    default boolean makesConnections() {
        return false;
    }

    /** What a JVM needs on its command line to use this transport; the launcher adds it to children. */
    default List<String> jvmArguments() {
        return List.of();
    }
}

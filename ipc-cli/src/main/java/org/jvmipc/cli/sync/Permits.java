package org.jvmipc.cli.sync;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import org.jvmipc.Address;
import org.jvmipc.AddressException;
import org.jvmipc.shm.sync.PosixSemaphore;
import org.jvmipc.shm.sync.SharedSemaphore;

/** A semaphore of whichever scheme. */
interface Permits extends Closeable {
    /** Takes so many permits, and waits at most so long. */
    boolean take(int permits, Duration timeout) throws InterruptedException;

    /** Gives so many. */
    void give(int permits);

    int value();

    boolean isRobust();

    @Override
    void close();

    /** Opens the one that the address names. */
    static Permits open(Address address) throws IOException {
        return switch (address.scheme()) {
            case "sem" -> of(SharedSemaphore.open(address));
            case "posixsem" -> of(PosixSemaphore.open(address));
            default -> throw new AddressException(
                    address.toString(), "a semaphore is needed here, sem:NAME or posixsem:/name", null);
        };
    }

    private static Permits of(SharedSemaphore semaphore) {
        return new Permits() {
            @Override
            public boolean take(int permits, Duration timeout) throws InterruptedException {
                return semaphore.tryAcquire(permits, timeout);
            }

            @Override
            public void give(int permits) {
                semaphore.release(permits);
            }

            @Override
            public int value() {
                return semaphore.value();
            }

            @Override
            public boolean isRobust() {
                return semaphore.isRobust();
            }

            @Override
            public void close() {
                semaphore.close();
            }
        };
    }

    private static Permits of(PosixSemaphore semaphore) {
        return new Permits() {
            @Override
            public boolean take(int permits, Duration timeout) throws InterruptedException {
                if (permits != 1) {
                    throw new IllegalArgumentException("a POSIX semaphore gives one permit at a time, not " + permits);
                }
                return semaphore.tryAcquire(timeout);
            }

            @Override
            public void give(int permits) {
                for (int i = 0; i < permits; i++) {
                    semaphore.release();
                }
            }

            @Override
            public int value() {
                return semaphore.value();
            }

            @Override
            public boolean isRobust() {
                return false;
            }

            @Override
            public void close() {
                semaphore.close();
            }
        };
    }
}

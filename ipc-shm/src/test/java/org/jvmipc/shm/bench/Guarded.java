package org.jvmipc.shm.bench;

import java.io.IOException;
import java.nio.file.Path;
import org.jvmipc.Address;
import org.jvmipc.shm.sync.SharedMutex;
import org.jvmipc.shm.sync.SharedReadWriteLock;
import org.jvmipc.shm.sync.SharedSemaphore;

/** A mutex, a semaphore of the one kind or the other, or one half of a read-write lock, made for one measurement. */
interface Guarded extends AutoCloseable {
    /** Makes one that {@link #close} removes. */
    static Guarded create(String kind, Path path, int permits) throws IOException {
        Address address = address(kind, path);
        return switch (kind) {
            case "mutex" -> new OfMutex(address, SharedMutex.create(address), () -> SharedMutex.remove(address));
            case "read", "write" -> new OfReadWriteLock(
                    address,
                    SharedReadWriteLock.create(address, false),
                    kind.equals("read"),
                    () -> SharedReadWriteLock.remove(address));
            case "plain", "robust" -> new OfSemaphore(
                    address,
                    SharedSemaphore.create(address, permits, kind.equals("robust")),
                    () -> SharedSemaphore.remove(address));
            default -> throw new IllegalArgumentException("no such kind: " + kind);
        };
    }

    /** Opens the one that another process has made. */
    static Guarded open(String kind, Address address) throws IOException {
        return switch (kind) {
            case "mutex" -> new OfMutex(address, SharedMutex.open(address), () -> {});
            case "read", "write" -> new OfReadWriteLock(
                    address, SharedReadWriteLock.open(address), kind.equals("read"), () -> {});
            default -> new OfSemaphore(address, SharedSemaphore.open(address), () -> {});
        };
    }

    private static Address address(String kind, Path path) {
        String scheme =
                switch (kind) {
                    case "mutex" -> "mutex";
                    case "read", "write" -> "rwlock";
                    default -> "sem";
                };
        return Address.of(scheme, path.toString());
    }

    Address address();

    /** Takes it and gives it back, so many times. */
    void pairs(int count) throws InterruptedException;

    /** Opens it by its address and closes it, so many times. */
    void openings(int count) throws IOException;

    /** Takes it, for this thread. */
    void take() throws InterruptedException;

    /** Gives back what {@link #take} took. */
    void give();

    /** Takes it and gives it back, or is interrupted. */
    default void waitForIt() {
        try {
            pairs(1);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    void close() throws IOException;

    /** Removes what was made. */
    interface Removal {
        void run() throws IOException;
    }
}

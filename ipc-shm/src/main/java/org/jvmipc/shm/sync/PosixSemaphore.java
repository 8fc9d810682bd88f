package org.jvmipc.shm.sync;

import java.io.IOException;
import java.lang.ref.Reference;
import java.time.Duration;
import java.util.Set;
import org.jvmipc.Address;
import org.jvmipc.Capability;
import org.jvmipc.Endpoint;
import org.jvmipc.internal.Deadline;
import org.jvmipc.internal.registry.ObjectParameters;
import org.jvmipc.shm.DamagedSegmentException;
import org.jvmipc.shm.internal.PosixSemaphoreHandle;
import org.jvmipc.shm.internal.PosixSemaphores;
import org.jvmipc.shm.internal.SafetyNet;

/**
 * A named semaphore of the C library (POSIX): the one that a C program opens with {@code sem_open("/name", ...)}, and Python with
 * {@code ctypes}. {@link #acquire()} is P, {@code sem_wait}; {@link #release()} is V, {@code sem_post}.
 *
 * <pre>{@code
 * try (PosixSemaphore turn = PosixSemaphore.open(Address.of("posixsem:/turn"))) {
 *     turn.acquire();
 *     ...
 *     turn.release();
 * }
 * }</pre>
 *
 * <table>
 * <caption>Forms</caption>
 * <tr><th>waits</th><th>never waits</th><th>waits at most so long</th></tr>
 * <tr><td>{@link #acquire()}</td><td>{@link #tryAcquire()}: false</td><td>{@link #tryAcquire(Duration)}: false</td></tr>
 * </table>
 *
 * <p><b>Its weakness.</b> A process that is killed between P and V takes its permit with it: nobody is told, and those who wait for
 * it wait for ever. Where that matters use a {@link SharedSemaphore} that is robust, or a {@link SharedMutex}. Nor is it known who holds
 * a permit, or who waits.
 *
 * <p><b>Zero:</b> acquire waits. <b>Largest value</b> (2,147,483,647): release is an {@link IllegalStateException}. <b>Closed
 * here:</b> {@link ClosedSynchronizerException}, in blocked threads too. <b>Removed:</b> those who have it open go on. <b>File
 * cut off</b> by another process: {@link DamagedSegmentException}; but while this JVM is inside a call of the C library it ends
 * the JVM, as it would end a C program.
 *
 * <p><b>Thread safety.</b> All methods may be called by any thread; one may acquire and another release.
 *
 * <p><b>Memory consistency effects.</b> As {@link SharedSemaphore}.
 *
 * <p><b>Platform notes.</b> glibc 2.30 and later. The file is {@code /dev/shm/sem.NAME}. An interrupt or a close is noticed within
 * 50 ms, since nothing but a permit wakes who waits in the C library.
 */
public final class PosixSemaphore implements Endpoint {
    private final Address address;
    private final PosixSemaphoreHandle handle;

    private PosixSemaphore(String name, PosixSemaphoreHandle handle) {
        this.address = PosixSemaphores.address(name);
        this.handle = handle;
        SafetyNet.register(this, handle::close);
    }

    // ---- create, open, remove

    /**
     * Makes one that must not exist, and opens it. The parameters {@code mode} and {@code owned} of the address are for this; the mode is
     * 0600 otherwise, and it is kept.
     *
     * @param address {@code posixsem:/name}
     * @param permits 0 to 2,147,483,647
     * @throws org.jvmipc.OsException {@code EEXIST} if there is one
     */
    public static PosixSemaphore create(Address address, int permits) throws IOException {
        requirePermits(permits);
        String name = PosixSemaphores.name(address);
        return new PosixSemaphore(
                name,
                PosixSemaphores.create(
                        name,
                        permits,
                        ObjectParameters.mode(address, PosixSemaphores.OWNER_ONLY),
                        ObjectParameters.lifetime(address),
                        ObjectParameters.ownerProcess(address)));
    }

    /**
     * Opens one that exists.
     *
     * @throws org.jvmipc.OsException {@code ENOENT} if there is none
     * @throws org.jvmipc.CorruptDataException if its file is too short to be one
     */
    public static PosixSemaphore open(Address address) throws IOException {
        String name = PosixSemaphores.name(address);
        return new PosixSemaphore(name, PosixSemaphores.open(name, ObjectParameters.owner(address)));
    }

    /** Opens it, or makes it if there is none. */
    public static PosixSemaphore openOrCreate(Address address, int permits) throws IOException {
        requirePermits(permits);
        String name = PosixSemaphores.name(address);
        return new PosixSemaphore(
                name,
                PosixSemaphores.openOrCreate(
                        name,
                        ObjectParameters.owner(address),
                        permits,
                        ObjectParameters.mode(address, PosixSemaphores.OWNER_ONLY),
                        ObjectParameters.lifetime(address),
                        ObjectParameters.ownerProcess(address)));
    }

    /**
     * Removes the name; {@code sem_unlink}.
     *
     * @return false if there was none
     */
    public static boolean remove(Address address) throws IOException {
        return PosixSemaphores.remove(PosixSemaphores.name(address));
    }

    private static void requirePermits(int permits) {
        if (permits < 0) {
            throw new IllegalArgumentException("permits is " + permits + "; it is 0 or more");
        }
    }

    // ---- P and V

    /**
     * P: takes a permit, and waits for it.
     *
     * @throws InterruptedException if interrupted before or while waiting; nothing was taken
     * @throws ClosedSynchronizerException if this handle is closed, or is while waiting
     * @throws DamagedSegmentException if the memory is not what it was
     */
    public void acquire() throws InterruptedException {
        if (!take(Deadline.NEVER)) {
            throw closed();
        }
    }

    /** Takes a permit if there is one. */
    public boolean tryAcquire() {
        try {
            boolean taken = handle.tryTake();
            if (!taken) {
                ensureOpen();
            }
            return taken;
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    /**
     * Takes a permit, and waits for it at most the given time.
     *
     * @param timeout zero or less: does not wait
     * @throws InterruptedException as {@link #acquire()}
     */
    public boolean tryAcquire(Duration timeout) throws InterruptedException {
        return take(Deadline.after(timeout));
    }

    private boolean take(Deadline deadline) throws InterruptedException {
        ensureOpen();
        try {
            boolean taken = handle.take(deadline);
            if (!taken) {
                ensureOpen();
            }
            return taken;
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    /**
     * V: gives a permit, whoever took it.
     *
     * @throws IllegalStateException if there are as many as there can be
     */
    public void release() {
        ensureOpen();
        if (!handle.give()) {
            throw closed();
        }
    }

    /** How many permits there are at this moment. */
    public int value() {
        ensureOpen();
        int value = handle.value();
        if (value < 0) {
            throw closed();
        }
        return value;
    }

    // ---- the endpoint

    private void ensureOpen() {
        if (!handle.isOpen()) {
            throw closed();
        }
    }

    private ClosedSynchronizerException closed() {
        return new ClosedSynchronizerException(address + " was closed");
    }

    @Override
    public Address address() {
        return address;
    }

    @Override
    public Set<Capability> capabilities() {
        return Set.of();
    }

    @Override
    public boolean isOpen() {
        return handle.isOpen();
    }

    /** Closes this handle; threads that wait in it leave within 50 ms. */
    @Override
    public void close() {
        handle.close();
    }

    @Override
    public String toString() {
        return "PosixSemaphore[" + address + (isOpen() ? "]" : ", closed]");
    }
}

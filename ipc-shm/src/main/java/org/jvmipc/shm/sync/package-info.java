/**
 * What waits: mutual exclusion and synchronisation between processes, that nobody's death leaves stuck.
 *
 * <table>
 * <caption>Which one</caption>
 * <tr><th>class</th><th>is</th><th>between</th></tr>
 * <tr><td>{@link org.jvmipc.shm.sync.SharedMutex}</td><td>mutual exclusion in shared memory; comes back from the dead, and
 * says so</td><td>JVMs</td></tr>
 * <tr><td>{@link org.jvmipc.shm.sync.SharedSemaphore}</td><td>a counting semaphore in shared memory, plain or robust</td>
 * <td>JVMs</td></tr>
 * <tr><td>{@link org.jvmipc.shm.sync.SharedReadWriteLock}</td><td>many read or one writes; comes back from the dead, and says if one
 * died writing</td><td>JVMs</td></tr>
 * <tr><td>{@link org.jvmipc.shm.sync.SharedCondition}</td><td>waiting, with a mutex held, until another has changed what it
 * guards</td><td>JVMs</td></tr>
 * <tr><td>{@link org.jvmipc.shm.sync.SharedBarrier}</td><td>a number of threads meet, again and again; breaks for all when a process
 * dies that takes part</td><td>JVMs</td></tr>
 * <tr><td>{@link org.jvmipc.shm.sync.SharedLatch}</td><td>is counted down, and open for ever then</td><td>JVMs</td></tr>
 * <tr><td>{@link org.jvmipc.shm.sync.SharedEvent}</td><td>is set and reset; lets all through, or one each time</td>
 * <td>JVMs</td></tr>
 * <tr><td>{@link org.jvmipc.shm.sync.SharedEventCount}</td><td>a count in a segment that one sleeps on until it grows</td>
 * <td>JVMs</td></tr>
 * <tr><td>{@link org.jvmipc.shm.sync.SharedOwners}</td><td>places in a segment that processes hold, which come back from the
 * dead; no waiting</td><td>JVMs</td></tr>
 * <tr><td>{@link org.jvmipc.shm.sync.FileMutex}</td><td>mutual exclusion by file lock, shared or exclusive</td>
 * <td>JVMs, C, Python, {@code FileLock}</td></tr>
 * <tr><td>{@link org.jvmipc.shm.sync.PosixSemaphore}</td><td>the C library's named semaphore</td>
 * <td>JVMs, C, Python</td></tr>
 * </table>
 *
 * <p>An event, a latch and a semaphore can be waited for together with rings, pipes, signals and sockets: their {@code openReceiver()}
 * is a member of a {@link org.jvmipc.ReceiverSet}.
 *
 * <p>{@link org.jvmipc.shm.sync.Deadlocks} finds threads that wait for each other, in one process or across several.
 *
 * <p>All have the same verbs: {@code lock()} or {@code acquire()} waits, {@code tryLock()} never waits, {@code
 * tryLock(Duration)} waits at most that long. Errors of the operating system come when one is created or opened; after that
 * only {@link org.jvmipc.shm.DamagedSegmentException}, the unchecked exceptions of this package, and of a file lock an {@link
 * java.io.UncheckedIOException} when the kernel has no memory for it; nothing is changed then.
 */
@NullMarked
package org.jvmipc.shm.sync;

import org.jspecify.annotations.NullMarked;

/**
 * Shared memory: the same physical memory in several processes, at the level of a storage area and of data structures.
 *
 * <table>
 * <caption>The map</caption>
 * <tr><th>class</th><th>is</th></tr>
 * <tr><td>{@link org.jvmipc.shm.SharedMemory}</td><td>a storage area: a file that is mapped, or memory without a name</td></tr>
 * <tr><td>{@link org.jvmipc.shm.SharedMemoryOptions}</td><td>what is settled when one is created</td></tr>
 * <tr><td>{@link org.jvmipc.shm.MemoryArea}</td><td>a range of it, with variables at offsets</td></tr>
 * <tr><td>{@link org.jvmipc.shm.SharedInt}, {@link org.jvmipc.shm.SharedLong}</td><td>a variable: plain, ordered, volatile and
 * atomic access</td></tr>
 * <tr><td>{@link org.jvmipc.shm.SharedIntArray}, {@link org.jvmipc.shm.SharedLongArray}</td><td>arrays of such</td></tr>
 * <tr><td>{@link org.jvmipc.shm.SharedCounter}</td><td>a counter for many who count at once</td></tr>
 * <tr><td>{@link org.jvmipc.shm.Segment}</td><td>memory that knows which processes are attached, and puts in order what a killed
 * one leaves; with objects by name</td></tr>
 * <tr><td>{@link org.jvmipc.shm.SegmentOptions}</td><td>what is settled when one is created</td></tr>
 * <tr><td>{@link org.jvmipc.shm.SegmentObject}, {@link org.jvmipc.shm.SegmentParticipant}</td><td>what it shows</td></tr>
 * <tr><td>{@link org.jvmipc.shm.SharedRing}</td><td>a ring buffer: messages between processes without a system call</td></tr>
 * <tr><td>{@link org.jvmipc.shm.RingSender}, {@link org.jvmipc.shm.RingReceiver}</td><td>its ends</td></tr>
 * <tr><td>{@link org.jvmipc.shm.Claim}, {@link org.jvmipc.shm.RingHandler}</td><td>a message is written, and looked at, where it
 * lies</td></tr>
 * <tr><td>{@link org.jvmipc.shm.RingOptions}: {@link org.jvmipc.shm.RingKind}, {@link org.jvmipc.shm.RingFullPolicy}, {@link
 * org.jvmipc.shm.RingWaiting}</td><td>what is settled when one is created, and how its ends wait</td></tr>
 * <tr><td>{@link org.jvmipc.shm.RingFamily}</td><td>rings under a scheme of their own, for what is built on them</td></tr>
 * <tr><td>{@link org.jvmipc.shm.DamagedSegmentException}</td><td>the memory is not what it was</td></tr>
 * <tr><td>{@link org.jvmipc.shm.SharedMemoryScheme}</td><td>the scheme {@code shm:} of addresses</td></tr>
 * <tr><td>{@link org.jvmipc.shm.sync}</td><td>what guards it: mutual exclusion and synchronisation</td></tr>
 * </table>
 */
@NullMarked
package org.jvmipc.shm;

import org.jspecify.annotations.NullMarked;

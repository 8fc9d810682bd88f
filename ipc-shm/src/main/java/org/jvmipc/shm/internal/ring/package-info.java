/**
 * The inside of rings. From below: {@link org.jvmipc.shm.internal.RingLayout} is where everything lies, {@link
 * org.jvmipc.shm.internal.ring.Fences} orders a store before a load without paying for it each time, {@link
 * org.jvmipc.shm.internal.ring.LaneProducer} and {@link org.jvmipc.shm.internal.ring.LaneConsumer} write and read the records of one
 * lane, {@link org.jvmipc.shm.internal.ring.RingProducer} and {@link org.jvmipc.shm.internal.ring.RingConsumer} take places
 * and know who is on the other side, {@link org.jvmipc.shm.internal.ring.RingWait} waits, {@link
 * org.jvmipc.shm.internal.ring.Turn} lets one thread in at a time.
 */
@NullMarked
package org.jvmipc.shm.internal.ring;

import org.jspecify.annotations.NullMarked;

/**
 * The demo of the ring in shared memory: {@link org.jvmipc.cli.demo.ring.RingProducer}s send, {@link
 * org.jvmipc.cli.demo.ring.RingConsumer}s receive, {@link org.jvmipc.cli.demo.ring.RingParent} says when.
 */
@NullMarked
package org.jvmipc.cli.demo.ring;

import org.jspecify.annotations.NullMarked;

/**
 * The demo of the semaphore: {@link org.jvmipc.cli.demo.sem.BoundedBuffer} is the textbook's, with P and V, between
 * {@link org.jvmipc.cli.demo.sem.SemProducer} and {@link org.jvmipc.cli.demo.sem.SemConsumer};
 * {@link org.jvmipc.cli.demo.sem.SemUser} shares a resource by a robust semaphore, and one of these is killed.
 * {@link org.jvmipc.cli.demo.sem.SemParent} and {@link org.jvmipc.cli.demo.sem.PoolParent} start them.
 */
@NullMarked
package org.jvmipc.cli.demo.sem;

import org.jspecify.annotations.NullMarked;

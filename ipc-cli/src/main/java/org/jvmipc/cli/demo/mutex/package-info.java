/**
 * The demo of the mutex: {@link org.jvmipc.cli.demo.mutex.MutexChild} is the process to read, of which several count;
 * {@link org.jvmipc.cli.demo.mutex.MutexParent} starts them, and kills one that holds it.
 */
@NullMarked
package org.jvmipc.cli.demo.mutex;

import org.jspecify.annotations.NullMarked;

/**
 * POSIX signals: nothing is here yet.
 *
 * <p>Here will live sending a signal, with or without a value, to a process that is proven to be the one meant, and
 * receiving signals as messages in the order in which the kernel delivers them.
 */
@NullMarked
package org.jvmipc.signals;

import org.jspecify.annotations.NullMarked;

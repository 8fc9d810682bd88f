/** Tests of signals, with real second JVMs, other programs and other threads. */
@NullMarked
package org.jvmipc.signals;

import org.jspecify.annotations.NullMarked;

/**
 * The native layer: functions of the C library grouped by header, {@code errno}, descriptors, interruptible waits. The only package that sees JNA.
 */
@NullMarked
package org.jvmipc.internal.posix;

import org.jspecify.annotations.NullMarked;

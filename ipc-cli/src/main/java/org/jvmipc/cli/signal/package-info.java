/**
 * The verb {@code signal}: {@link org.jvmipc.cli.signal.SignalCommand} reads the line, and hands over to {@code SignalSending},
 * {@code SignalWatch} or {@code SignalTable}.
 */
@NullMarked
package org.jvmipc.cli.signal;

import org.jspecify.annotations.NullMarked;

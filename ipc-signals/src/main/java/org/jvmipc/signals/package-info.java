/**
 * POSIX signals: sent, with or without a value, to a process that is proven to be the one meant, and received as
 * messages in the order in which the kernel queued them. No Java code ever runs as a signal handler, which is what
 * crashes JVMs.
 *
 * <table>
 * <caption>The map</caption>
 * <tr><td>start at</td><td>{@link org.jvmipc.signals.Signals}</td></tr>
 * <tr><td>to name one</td><td>{@link org.jvmipc.signals.PosixSignal}: number, name, what the JVM does with it</td></tr>
 * <tr><td>to send</td><td>{@link org.jvmipc.signals.SignalTarget}: one process; {@code signal:PID} by address,
 *     {@link org.jvmipc.signals.SignalTransport}</td></tr>
 * <tr><td>to receive</td><td>{@link org.jvmipc.signals.SignalReceiver}, of {@link org.jvmipc.signals.SignalEvent} with
 *     {@link org.jvmipc.signals.SignalCode}; {@link org.jvmipc.signals.SignalOptions}: whose</td></tr>
 * <tr><td>to be called</td><td>{@link org.jvmipc.signals.SignalSubscription}</td></tr>
 * <tr><td>what can be in the way</td><td>{@link org.jvmipc.signals.SignalUnavailableException}</td></tr>
 * </table>
 */
@NullMarked
package org.jvmipc.signals;

import org.jspecify.annotations.NullMarked;

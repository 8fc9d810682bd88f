/**
 * The demo of signals: {@link org.jvmipc.cli.demo.signal.SignalParent} sends, {@link
 * org.jvmipc.cli.demo.signal.SignalChild} receives. Values are made and looked at by {@link
 * org.jvmipc.cli.demo.signal.SignalValues}.
 */
@NullMarked
package org.jvmipc.cli.demo.signal;

import org.jspecify.annotations.NullMarked;

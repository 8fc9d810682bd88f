/**
 * The verbs that synchronise: {@code sem}, {@code lock}, {@code wait}, {@code notify}.
 * {@link org.jvmipc.cli.sync.SynchronizeCommand} has what they have in common, {@link org.jvmipc.cli.sync.WaitingCommand} those that
 * wait; {@link org.jvmipc.cli.sync.GuardedCommand} runs the command that is guarded.
 */
@NullMarked
package org.jvmipc.cli.sync;

import org.jspecify.annotations.NullMarked;

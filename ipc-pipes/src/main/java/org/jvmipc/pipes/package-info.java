/**
 * Anonymous pipes between a parent and a child JVM.
 *
 * <p>Start at {@link org.jvmipc.pipes.Pipes}; {@link org.jvmipc.pipes.PipeSender} and
 * {@link org.jvmipc.pipes.PipeReceiver} are the two ends, {@link org.jvmipc.pipes.PipeOptions} what is settled when a pipe
 * is made.
 */
@NullMarked
package org.jvmipc.pipes;

import org.jspecify.annotations.NullMarked;

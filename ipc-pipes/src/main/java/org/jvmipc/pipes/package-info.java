/**
 * Pipes: anonymous ones between a parent and a child JVM, and named ones, FIFOs, between any processes.
 *
 * <table>
 * <caption>The map</caption>
 * <tr><th></th><th>anonymous, {@code pipe:}</th><th>named, {@code fifo:}</th></tr>
 * <tr><td>start at</td><td>{@link org.jvmipc.pipes.Pipes}</td><td>{@link org.jvmipc.pipes.Fifo}</td></tr>
 * <tr><td>to send</td><td>{@link org.jvmipc.pipes.PipeSender}</td><td>{@link org.jvmipc.pipes.FifoSender}</td></tr>
 * <tr><td>to receive</td><td>{@link org.jvmipc.pipes.PipeReceiver}</td>
 *     <td>{@link org.jvmipc.pipes.FifoReceiver}</td></tr>
 * <tr><td>settings</td><td>{@link org.jvmipc.pipes.PipeOptions}</td><td>{@link org.jvmipc.pipes.FifoOptions},
 *     {@link org.jvmipc.pipes.FifoSharing}: who shares it</td></tr>
 * <tr><td>who meets</td><td>parent and child</td><td>who knows the name</td></tr>
 * <tr><td>lives</td><td>as long as somebody has it open</td><td>the name until it is removed, what is in it as long as
 *     somebody has it open</td></tr>
 * </table>
 *
 * <p>{@link org.jvmipc.pipes.WaitStatistics} tells how often an end has waited because the pipe was full or empty.
 */
@NullMarked
package org.jvmipc.pipes;

import org.jspecify.annotations.NullMarked;

/**
 * The five words of the toolkit: {@link org.jvmipc.Endpoint}, {@link org.jvmipc.Sender} and {@link org.jvmipc.Receiver}, {@link org.jvmipc.Codec}, {@link org.jvmipc.Address}; and {@link org.jvmipc.Ipc}, the way in by address.
 *
 * <p>Around a receiver: {@link org.jvmipc.ReceiverSet} waits for several at once; {@link org.jvmipc.Receivers} gives the messages of one
 * as an iteration, a stream, calls of a handler (a {@link org.jvmipc.ReceiveLoop}) or a {@link java.util.concurrent.Flow.Publisher}.
 *
 * <p>What a message is: {@link org.jvmipc.Codecs} has bytes, buffers, text, numbers, and records with whatever records
 * consist of: other records, enums, lists, options, arrays.
 *
 * <p>What goes wrong is an {@link org.jvmipc.IpcException}.
 */
@NullMarked
package org.jvmipc;

import org.jspecify.annotations.NullMarked;

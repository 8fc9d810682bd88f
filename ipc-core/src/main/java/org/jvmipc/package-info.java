/**
 * The five words of the toolkit: {@link org.jvmipc.Endpoint}, {@link org.jvmipc.Sender} and {@link org.jvmipc.Receiver}, {@link org.jvmipc.Codec}, {@link org.jvmipc.Address}; and {@link org.jvmipc.Ipc}, the way in by address.
 */
@NullMarked
package org.jvmipc;

import org.jspecify.annotations.NullMarked;

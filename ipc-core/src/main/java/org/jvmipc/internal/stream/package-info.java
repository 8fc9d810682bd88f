/**
 * Messages over a stream of bytes behind a descriptor: {@link org.jvmipc.internal.stream.FrameLayout} is the format,
 * {@link org.jvmipc.internal.stream.StreamSender} and {@link org.jvmipc.internal.stream.StreamReceiver} hold what all
 * framings share (locks, deadlines, closing), their subclasses a framing each.
 */
@NullMarked
package org.jvmipc.internal.stream;

import org.jspecify.annotations.NullMarked;

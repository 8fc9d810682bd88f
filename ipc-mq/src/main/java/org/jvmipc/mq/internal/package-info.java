/**
 * The inside of the message queue: its files, its part of shared memory, and the only code that knows Chronicle.
 *
 * <p>From below: {@link org.jvmipc.mq.internal.EnvelopeLayout} is a message on disk, {@link
 * org.jvmipc.mq.internal.CycleReader} reads one file of them, {@link org.jvmipc.mq.internal.LogReader} the whole log; {@link
 * org.jvmipc.mq.internal.StateLayout} and {@link org.jvmipc.mq.internal.GroupLayout} are what processes share; {@link
 * org.jvmipc.mq.internal.LogAppender} writes, through {@link org.jvmipc.mq.internal.ChronicleCycle}; {@link
 * org.jvmipc.mq.internal.GroupLeases} deals messages out.
 */
@NullMarked
package org.jvmipc.mq.internal;

import org.jspecify.annotations.NullMarked;

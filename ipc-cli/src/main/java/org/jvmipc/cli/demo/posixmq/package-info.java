/**
 * The demo of the kernel's message queue: {@link org.jvmipc.cli.demo.posixmq.PosixmqProducer}s send with priorities, {@link
 * org.jvmipc.cli.demo.posixmq.PosixmqConsumer} receives, {@link org.jvmipc.cli.demo.posixmq.PosixmqParent} says when.
 */
@NullMarked
package org.jvmipc.cli.demo.posixmq;

import org.jspecify.annotations.NullMarked;

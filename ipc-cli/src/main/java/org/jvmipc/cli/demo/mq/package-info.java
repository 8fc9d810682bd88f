/**
 * The demo of the durable message queue: {@link org.jvmipc.cli.demo.mq.MqProducer}s send, {@link
 * org.jvmipc.cli.demo.mq.MqConsumer}s of two groups receive, {@link org.jvmipc.cli.demo.mq.MqParent} says when.
 */
@NullMarked
package org.jvmipc.cli.demo.mq;

import org.jspecify.annotations.NullMarked;

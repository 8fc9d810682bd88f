/**
 * The demo of producers and consumers with a monitor: {@link org.jvmipc.cli.demo.producersconsumers.MonitorBuffer} is the bounded
 * buffer, with a mutex and two conditions, between {@link org.jvmipc.cli.demo.producersconsumers.MonitorProducer} and
 * {@link org.jvmipc.cli.demo.producersconsumers.MonitorConsumer};
 * {@link org.jvmipc.cli.demo.producersconsumers.MonitorParent} starts them, and kills one.
 */
@NullMarked
package org.jvmipc.cli.demo.producersconsumers;

import org.jspecify.annotations.NullMarked;

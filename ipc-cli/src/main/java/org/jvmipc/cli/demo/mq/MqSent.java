package org.jvmipc.cli.demo.mq;

/**
 * What a producer tells the parent when it has sent all.
 *
 * @param sent how many messages it has sent
 * @param digest what stands for them, in their order
 * @param sum what stands for them in any order
 * @param waits how often a send had to wait
 * @param waitNanos how long, together
 */
record MqSent(long sent, long digest, long sum, long waits, long waitNanos) {}

package org.jvmipc.mq;

/**
 * How things stand with a kernel message queue; {@code mq_getattr(3)}.
 *
 * @param depth how many messages it holds at most
 * @param maxMessageBytes the largest message, in bytes
 * @param messages how many there were at this moment
 */
public record PosixMessageQueueStatus(int depth, int maxMessageBytes, int messages) {}

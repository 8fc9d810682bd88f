package org.jvmipc.mq;

/**
 * A message, and the priority with which it was sent.
 *
 * @param message the message; as with every receive a view of the endpoint's memory is valid until the next one
 * @param priority 0 to 32,767
 * @param <T> what a message is in Java
 */
public record PrioritizedMessage<T>(T message, int priority) {}

/**
 * Message queues: indirect communication, through a mailbox that outlives those who use it, and direct communication, into a process's
 * own inbox.
 *
 * <table>
 * <caption>The map of the durable queue, {@code mq:}</caption>
 * <tr><th>class</th><th>is</th></tr>
 * <tr><td>{@link org.jvmipc.mq.MessageQueue}</td><td>start here: create, open, remove, and open an end of it</td></tr>
 * <tr><td>{@link org.jvmipc.mq.MessageQueueOptions}, {@link org.jvmipc.mq.FullPolicy}</td><td>what is settled when one is
 * created</td></tr>
 * <tr><td>{@link org.jvmipc.mq.QueueSender}</td><td>a producer; {@link org.jvmipc.mq.MessageHeader} is what may be said of a
 * message</td></tr>
 * <tr><td>{@link org.jvmipc.mq.Consumer}, {@link org.jvmipc.mq.Delivery}</td><td>one of a group's competing consumers, and a message in its
 * hands; {@link org.jvmipc.mq.ConsumerOptions}</td></tr>
 * <tr><td>{@link org.jvmipc.mq.GroupReceiver}</td><td>the same as a plain receiver</td></tr>
 * <tr><td>{@link org.jvmipc.mq.QueueReceiver}</td><td>a reader by itself, from wherever it likes ({@link
 * org.jvmipc.mq.ReceiveFrom})</td></tr>
 * <tr><td>{@link org.jvmipc.mq.QueuedMessage}</td><td>a message with index, time, producer, type</td></tr>
 * <tr><td>{@link org.jvmipc.mq.Requester}, {@link org.jvmipc.mq.Replier}</td><td>request and reply</td></tr>
 * <tr><td>{@link org.jvmipc.mq.MessageQueueStatus}, {@link org.jvmipc.mq.MessageQueueCheck}</td><td>how things stand; whether all is
 * whole</td></tr>
 * <tr><td>{@link org.jvmipc.mq.StalledProcessException}, {@link org.jvmipc.mq.LateAcknowledgementException}</td><td>its own
 * errors</td></tr>
 * <tr><td>{@link org.jvmipc.mq.MessageQueueTransport}</td><td>the scheme of addresses</td></tr>
 * </table>
 *
 * <table>
 * <caption>The map of the inbox, {@code inbox:}</caption>
 * <tr><th>class</th><th>is</th></tr>
 * <tr><td>{@link org.jvmipc.mq.Inbox}</td><td>start here: a process's own queue, to receive from; opens senders as well</td></tr>
 * <tr><td>{@link org.jvmipc.mq.InboxOptions}</td><td>what is settled when it is opened</td></tr>
 * <tr><td>{@link org.jvmipc.mq.InboxSender}</td><td>puts messages into another process's inbox</td></tr>
 * <tr><td>{@link org.jvmipc.mq.InboxMessage}</td><td>a message with what its sender says of it</td></tr>
 * <tr><td>{@link org.jvmipc.mq.InboxRequester}, {@link org.jvmipc.mq.InboxReplier}</td><td>request and reply</td></tr>
 * <tr><td>{@link org.jvmipc.mq.InboxTakenException}</td><td>another one has it</td></tr>
 * <tr><td>{@link org.jvmipc.mq.InboxTransport}</td><td>the scheme of addresses</td></tr>
 * </table>
 *
 * <table>
 * <caption>The map of the kernel's queue, {@code posixmq:}</caption>
 * <tr><th>class</th><th>is</th></tr>
 * <tr><td>{@link org.jvmipc.mq.PosixMessageQueue}</td><td>start here: create, open, remove, and open an end of it</td></tr>
 * <tr><td>{@link org.jvmipc.mq.PosixMessageQueueOptions}, {@link org.jvmipc.mq.PosixMessageQueueStatus}</td><td>how one is made; how
 * things stand with it</td></tr>
 * <tr><td>{@link org.jvmipc.mq.PosixMessageSender}, {@link org.jvmipc.mq.PosixMessageReceiver}</td><td>its ends</td></tr>
 * <tr><td>{@link org.jvmipc.mq.PrioritizedMessage}</td><td>a message with its priority</td></tr>
 * <tr><td>{@link org.jvmipc.mq.PosixMessageQueueTransport}</td><td>the scheme of addresses</td></tr>
 * </table>
 */
@NullMarked
package org.jvmipc.mq;

import org.jspecify.annotations.NullMarked;

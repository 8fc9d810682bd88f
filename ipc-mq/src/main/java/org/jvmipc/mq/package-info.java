/**
 * Message queues: nothing is here yet.
 *
 * <p>Here will live the durable queue with consumer groups, whose messages outlive sender and receivers; the inbox, a
 * process's own queue that others post to; and the kernel's POSIX message queue, as C programs know it.
 */
@NullMarked
package org.jvmipc.mq;

import org.jspecify.annotations.NullMarked;

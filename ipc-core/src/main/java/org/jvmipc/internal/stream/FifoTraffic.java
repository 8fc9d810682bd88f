package org.jvmipc.internal.stream;

/** Who shares a framed FIFO, which decides how messages are cut. */
public enum FifoTraffic {
    /** Several senders, one receiver: fragments of at most {@code PIPE_BUF}, each written in one piece. */
    MANY_SENDERS,
    /** One sender, one receiver: fragments as large as half of the pipe. */
    ONE_SENDER,
    /** Several of both: a message is one fragment, and one read of packet mode. */
    PACKETS
}

package org.jvmipc.pipes;

/** Who shares a FIFO of frames, which decides how messages are cut. Settled when the FIFO is created. */
public enum FifoSharing {
    /**
     * Several senders and one receiver, the default. A message travels in fragments of at most {@code PIPE_BUF} (4096 bytes),
     * each of which the kernel writes in one piece or not at all, so senders mix fragments and never bytes. A second receiver
     * is refused.
     */
    MANY_SENDERS,
    /**
     * One sender and one receiver: larger writes, so fewer calls for large messages and batches. The sender holds a lock on
     * the FIFO that the kernel gives back at its death; a second one is refused, and so is a second receiver.
     */
    ONE_SENDER,
    /**
     * Several senders and several receivers, each message to one of them: the pipe's packet mode, in which a read takes what
     * one write has put there ({@code O_DIRECT}, {@code pipe(2)}). A message is one packet; a larger one than 4044 bytes is
     * refused. Each packet, however small, takes a page of the pipe's capacity.
     */
    PACKETS
}

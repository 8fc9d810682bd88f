package org.jvmipc;

/**
 * What a transport can do. Printed by the command, and the switch of the contract tests: a transport that names a
 * capability has to prove it.
 */
public enum Capability {
    /** A message that was sent arrives, once, as long as both sides live. */
    RELIABLE,
    /** The messages of one sender arrive in the order in which it sent them. */
    ORDERED,
    /** The channel holds a limited amount; a sender waits when it is full. */
    BOUNDED,
    /** Several processes may send into one channel and their messages do not mix. */
    MANY_SENDERS,
    /** Several processes may receive from one channel; each message goes to one of them. */
    MANY_RECEIVERS,
    /** Each message goes to every receiver. */
    BROADCAST,
    /** One endpoint sends and receives. */
    DUPLEX,
    /** Messages survive all processes, and a restart of the machine as far as the transport says. */
    PERSISTENT,
    /** Each side learns from the kernel that the other one has closed or died. */
    PEER_DETECTION,
    /** Messages can be written and read in place, without a copy. */
    ZERO_COPY,
    /** The other side may be on another machine. */
    REMOTE
}

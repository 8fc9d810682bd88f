package org.jvmipc.signals;

/** How a signal came to be: {@code si_code}; see {@code sigaction(2)}. */
public enum SignalCode {
    /** {@code kill(2)}: the kernel vouches for the sender, unless it had no room to note it; then the sender is empty. */
    USER("SI_USER"),
    /** {@code sigqueue(3)}, with a value. The sender has filled in who it is. */
    QUEUE("SI_QUEUE"),
    /** {@code tgkill(2)}, to one thread: seen only if that thread receives. */
    TKILL("SI_TKILL"),
    /** A timer of this process, with its value. */
    TIMER("SI_TIMER"),
    /** A message has come to an empty POSIX message queue; {@code mq_notify(3)}. */
    MESGQ("SI_MESGQ"),
    /** Asynchronous input or output has ended. */
    ASYNCIO("SI_ASYNCIO"),
    /** A descriptor is ready. */
    SIGIO("SI_SIGIO"),
    /** The kernel itself. */
    KERNEL("SI_KERNEL"),
    /** A child has ended, stopped or gone on: pid and uid are the child's. */
    CHILD("CLD"),
    /** Another code. */
    OTHER("OTHER"),
    /** It came through the JVM, which does not tell. */
    UNKNOWN("UNKNOWN");

    private final String constant;

    SignalCode(String constant) {
        this.constant = constant;
    }

    /** The name of the constant in C, such as {@code SI_QUEUE}, where there is one. */
    public String constant() {
        return constant;
    }
}

package org.jvmipc.signals;

import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * A signal that has come: {@code siginfo_t}. What is not known is empty, not zero.
 *
 * <p><b>Thread safety.</b> Immutable.
 *
 * @param signal which one
 * @param value what was sent along, by {@code sigqueue(3)} and the like
 * @param code how it came to be
 * @param pid the sender's process number, as seen from here; empty for a sender of another pid namespace, too
 * @param uid the sender's real user, 0 to 4294967294. With {@link SignalCode#QUEUE} the sender has filled in both
 *     itself; the
 *     kernel sees to it only that it may send signals to this process
 */
public record SignalEvent(PosixSignal signal, OptionalInt value, SignalCode code, OptionalLong pid, OptionalLong uid) {
    /** One of which nothing more is known. */
    static SignalEvent bare(PosixSignal signal, SignalCode code) {
        return new SignalEvent(signal, OptionalInt.empty(), code, OptionalLong.empty(), OptionalLong.empty());
    }

    /** Such as {@code SIGRTMIN+1 value=42 SI_QUEUE pid=4711 uid=0}. */
    @Override
    public String toString() {
        return signal + (value.isPresent() ? " value=" + value.getAsInt() : "") + " " + code.constant()
                + (pid.isPresent() ? " pid=" + pid.getAsLong() : "")
                + (uid.isPresent() ? " uid=" + uid.getAsLong() : "");
    }
}

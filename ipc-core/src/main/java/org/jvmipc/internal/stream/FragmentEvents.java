package org.jvmipc.internal.stream;

import org.jvmipc.Address;
import org.jvmipc.CorruptDataException;
import org.jvmipc.LimitException;
import org.jvmipc.PeerGoneException;
import org.jvmipc.PeerGoneException.Reason;

/**
 * What a receiver of fragments has to tell besides messages.
 *
 * @param address the receiver's
 */
record FragmentEvents(Address address) {
    CorruptDataException skipped(FragmentScanner scanner) {
        return new CorruptDataException(
                address + ": " + scanner.skipped() + " bytes that are no fragments of a message were passed over: "
                        + scanner.fault() + "; something else writes into this FIFO, or reads from it");
    }

    CorruptDataException missing(FragmentSource source) {
        return new CorruptDataException(address + ": messages of " + source
                + ", or parts of one, are missing: another reader has taken them, or they were damaged");
    }

    LimitException tooManySenders() {
        return new LimitException(
                address + ": a message was dropped, it comes from one sender too many",
                "senders at one time",
                FragmentSources.MOST,
                "use several FIFOs");
    }

    LimitException givenUp(PartsMemory memory) {
        return new LimitException(
                address + ": a message was dropped, too much memory is taken by messages that are incomplete",
                "bytes of incomplete messages",
                memory.limitBytes(),
                "give this JVM a larger heap (a quarter of it is used for them), or send smaller messages");
    }

    PeerGoneException died(FragmentSources.Gone gone) {
        return new PeerGoneException(
                Reason.DIED,
                address,
                gone.source().process.pid,
                gone.source()
                        + (gone.inMessage()
                                ? " is gone in the middle of a message: it died; the part is dropped"
                                : " is gone without goodbye: it died, or ended without closing"));
    }

    PeerGoneException unknown(FragmentSource source) {
        return new PeerGoneException(
                Reason.UNKNOWN,
                address,
                source.process.pid,
                "all senders are gone; whether " + source + " said goodbye another reader may know");
    }

    PeerGoneException closed() {
        return new PeerGoneException(Reason.CLOSED, address, "the last sender has closed");
    }
}

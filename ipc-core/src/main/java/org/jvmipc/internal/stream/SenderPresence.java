package org.jvmipc.internal.stream;

import java.io.IOException;
import org.jvmipc.internal.Backoff;
import org.jvmipc.internal.Deadline;
import org.jvmipc.internal.posix.Poll;
import org.jvmipc.internal.posix.PolledFd;

/**
 * Whether a FIFO's reader has a writer on the other side. The kernel tells of one that leaves, but not of one that comes and
 * keeps silent: for that one has to read, and finds "nothing yet" instead of the end of the stream.
 *
 * <p><b>Thread safety.</b> None: used under the receiver's lock.
 */
final class SenderPresence {
    private final PolledFd fd;
    private final ReadAhead ahead;

    SenderPresence(PolledFd fd, ReadAhead ahead) {
        this.fd = fd;
        this.ahead = ahead;
    }

    /** Whether one is there now. Reads ahead, so as to know, unless that is not wanted. */
    boolean isHere() throws IOException, InterruptedException {
        ReadAhead.Found found = ReadAhead.Found.NUDGED;
        while (!ahead.isAttached() && found == ReadAhead.Found.NUDGED) {
            found = ahead.look();
        }
        return ahead.isAttached() && !fd.isHungUp();
    }

    /** Waits until one is there, or has been there and left bytes that were not taken; false if the deadline passed first. */
    boolean awaitArrival(Deadline deadline) throws IOException, InterruptedException {
        Backoff backoff = new Backoff();
        while (!isHere()) {
            if (!ahead.isEmpty() || fd.bytesWaiting() > 0) {
                return true;
            }
            if (deadline.passed()) {
                return false;
            }
            if (ahead.isAttached()) {
                fd.pause(backoff.next(deadline)); // its end was not taken yet: poll would tell of that again and again
            } else if (fd.await(Poll.POLLIN, backoff.next(deadline)) >= 0) {
                ahead.detach(); // one came and left without a byte: poll would tell of that again and again
            }
        }
        return true;
    }

    /** Waits until none is there; false if the deadline passed first. */
    boolean awaitDeparture(Deadline deadline) throws IOException, InterruptedException {
        while (isHere()) {
            if (fd.await(0, deadline) < 0) {
                return false;
            }
        }
        return true;
    }
}

package org.jvmipc.pipes;

import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import org.jvmipc.Capability;
import org.jvmipc.internal.posix.PolledFd;

/** What both ends of a pipe can be asked. */
final class PipeEnd {
    /** Of frames; a pipe of plain bytes is the same, without messages. */
    static final Set<Capability> CAPABILITIES =
            Set.of(Capability.RELIABLE, Capability.ORDERED, Capability.BOUNDED, Capability.PEER_DETECTION);

    private PipeEnd() {}

    static int capacity(PolledFd fd) throws IOException {
        return fd.pipeCapacity();
    }

    static int setCapacity(PolledFd fd, int bytes) throws IOException {
        if (bytes < 1) {
            throw new IllegalArgumentException("a pipe's capacity is " + bytes + "; it must be at least 1 byte");
        }
        return fd.setPipeCapacity(bytes);
    }

    static int bytesWaiting(PolledFd fd) throws IOException {
        return fd.bytesWaiting();
    }

    static WaitStatistics waits(PolledFd fd) {
        return new WaitStatistics(fd.waits(), Duration.ofNanos(fd.waitedNanos()));
    }
}

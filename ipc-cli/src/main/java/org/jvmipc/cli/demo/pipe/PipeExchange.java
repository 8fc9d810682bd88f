package org.jvmipc.cli.demo.pipe;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.jvmipc.PeerGoneException;
import org.jvmipc.cli.demo.DemoOptions;
import org.jvmipc.cli.demo.Peer;
import org.jvmipc.cli.demo.Verifier;
import org.jvmipc.pipes.WaitStatistics;

/** What {@link PipeParent} saw, measured as it went along. */
final class PipeExchange {
    private static final WaitStatistics NONE = new WaitStatistics(0, Duration.ZERO);

    long childReadyNanos;
    int capacityBytes;

    /** What lay in the pipe when it took no further message without waiting, and how many messages that was. */
    int filledBytes;

    long filledMessages;

    /** What lay in it while the writer was blocked: more, if a message may be handed over in parts. */
    int blockedBytes;

    long goNanos;
    long toChildNanos;
    long sent;
    long sentDigest;
    WaitStatistics writerWaits = NONE;

    @Nullable
    ChildReport childReceived;

    boolean foundEmpty;
    long turnNanos;
    long fromChildNanos;

    @Nullable
    Verifier received;

    WaitStatistics readerWaits = NONE;

    @Nullable
    ChildReport childSent;

    PeerGoneException.@Nullable Reason end;

    @Nullable
    Peer child;

    /** Whether the pipe was full before all messages were in it. */
    boolean isFilled(DemoOptions options) {
        return filledMessages < options.messages();
    }
}

package org.jvmipc.cli.demo;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a demo is to do.
 *
 * @param messages how many each sender sends
 * @param payloadBytes how large each is, without what the demo adds
 * @param capacityBytes how much the mechanism is to hold; 0 leaves it as it is
 * @param children how many children play the part that several can play; 0 leaves it to the demo
 * @param killAfter when to kill a child; null: not
 * @param kind one of {@link Demo#kinds()}; null leaves it to the demo
 * @param victim who is killed, one of {@link Demo#victims()}; null leaves it to the demo
 * @param broken whether what guards the data is left out
 * @param slow whether the readers pause after each message
 * @param faults what a link is to do to the messages, where there is one
 * @param timeout how long the whole may take
 */
public record DemoOptions(
        long messages,
        int payloadBytes,
        int capacityBytes,
        int children,
        @Nullable Duration killAfter,
        @Nullable String kind,
        @Nullable String victim,
        boolean broken,
        boolean slow,
        DemoFaults faults,
        Duration timeout) {
    /** The largest payload: 16 MiB. */
    public static final int MAX_PAYLOAD_BYTES = 16 * 1024 * 1024;

    /** The most children of one part: each is a JVM. */
    public static final int MAX_CHILDREN = 32;

    /** The number of messages unless said otherwise. */
    public static final long DEFAULT_MESSAGES = 10_000;

    /** The payload unless said otherwise. */
    public static final int DEFAULT_PAYLOAD_BYTES = 64;

    /** The time limit unless said otherwise. */
    public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(60);

    /** Of a demo without a link that has faults. */
    public DemoOptions(
            long messages,
            int payloadBytes,
            int capacityBytes,
            int children,
            @Nullable Duration killAfter,
            @Nullable String kind,
            boolean broken,
            boolean slow,
            Duration timeout) {
        this(
                messages,
                payloadBytes,
                capacityBytes,
                children,
                killAfter,
                kind,
                null,
                broken,
                slow,
                DemoFaults.NONE,
                timeout);
    }

    /** How many children play the part that several can play, if the demo has so many of itself. */
    public int childrenOr(int ofDemo) {
        return children == 0 ? ofDemo : children;
    }

    /** How large a message is with what the demo adds, in bytes. */
    public int messageBytes() {
        return messageBytes(payloadBytes);
    }

    /** How large a message with such a payload is, in bytes. */
    public static int messageBytes(int payloadBytes) {
        return payloadBytes + DemoMessage.OVERHEAD_BYTES;
    }
}

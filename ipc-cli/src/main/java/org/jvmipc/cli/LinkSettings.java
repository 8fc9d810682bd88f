package org.jvmipc.cli;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.jvmipc.cli.demo.DemoFaults;
import org.jvmipc.cli.demo.DemoOption;
import org.jvmipc.cli.frame.CommandException;
import org.jvmipc.cli.frame.CountConverter;
import org.jvmipc.cli.frame.DurationConverter;
import org.jvmipc.cli.frame.PercentConverter;
import org.jvmipc.internal.Units;
import picocli.CommandLine.Option;

/** The options of {@code ipc demo} that say what a link does to datagrams. */
final class LinkSettings {
    private static final Duration LONGEST_DELAY = Duration.ofSeconds(10);

    @Option(
            names = "--loss",
            paramLabel = "SHARE",
            converter = PercentConverter.class,
            description = "Of udp, rudp: so many datagrams are lost on the way, as 30%%.")
    private @Nullable Double loss;

    @Option(
            names = "--reorder",
            paramLabel = "SHARE",
            converter = PercentConverter.class,
            description = "Of udp, rudp: so many are overtaken.")
    private @Nullable Double reorder;

    @Option(
            names = "--dup",
            paramLabel = "SHARE",
            converter = PercentConverter.class,
            description = "Of udp, rudp: so many arrive twice.")
    private @Nullable Double duplicate;

    @Option(
            names = "--corrupt",
            paramLabel = "SHARE",
            converter = PercentConverter.class,
            description = "Of udp, rudp: so many have a wrong bit.")
    private @Nullable Double corrupt;

    @Option(
            names = "--delay",
            paramLabel = "DURATION",
            converter = DurationConverter.class,
            description = "Of udp, rudp: how long each is on its way.")
    private @Nullable Duration delay;

    @Option(
            names = "--seed",
            paramLabel = "N",
            converter = CountConverter.class,
            description =
                    "Of udp, rudp: what decides of each; the same number, the same faults. Of ring: the bytes of its"
                            + " messages. Of dining, readers-writers, producers-consumers: who is killed, and when.")
    private @Nullable Long seed;

    /** Refuses what makes no sense. */
    void check() {
        if (delay != null && delay.compareTo(LONGEST_DELAY) > 0) {
            throw CommandException.usage(
                    "demo: --delay " + Units.formatDuration(delay) + ": at most " + Units.formatDuration(LONGEST_DELAY),
                    "give a shorter one");
        }
    }

    /** Whether this one was given. */
    boolean has(DemoOption option) {
        return switch (option) {
            case LOSS -> loss != null;
            case REORDER -> reorder != null;
            case DUP -> duplicate != null;
            case CORRUPT -> corrupt != null;
            case DELAY -> delay != null;
            case SEED -> seed != null;
            default -> false;
        };
    }

    /** What they come to; the usual faults if none is named. */
    DemoFaults toFaults() {
        boolean named = loss != null || reorder != null || duplicate != null || corrupt != null || delay != null;
        DemoFaults faults = named
                ? new DemoFaults(
                        orNone(loss),
                        orNone(reorder),
                        orNone(duplicate),
                        orNone(corrupt),
                        delay == null ? Duration.ZERO : delay,
                        0)
                : DemoFaults.USUAL;
        return seed == null ? faults : faults.withSeed(seed);
    }

    /** For a demo without a link. */
    DemoFaults onlySeed() {
        return seed == null ? DemoFaults.NONE : DemoFaults.NONE.withSeed(seed);
    }

    private static double orNone(@Nullable Double probability) {
        return probability == null ? 0 : probability;
    }
}

package org.jvmipc.cli;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.jvmipc.cli.demo.Demo;
import org.jvmipc.cli.demo.DemoOption;
import org.jvmipc.cli.demo.DemoOptions;
import org.jvmipc.cli.frame.CommandException;
import org.jvmipc.cli.frame.CountConverter;
import org.jvmipc.cli.frame.DurationConverter;
import org.jvmipc.cli.frame.SizeConverter;
import org.jvmipc.cli.frame.UsageErrors;
import org.jvmipc.internal.Quoted;
import org.jvmipc.internal.Suggestions;
import org.jvmipc.internal.Units;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options of {@code ipc demo} that say what a demo is to do. */
final class DemoSettings {
    @Option(
            names = "-n",
            paramLabel = "COUNT",
            converter = CountConverter.class,
            description = "Messages or turns of each child, as 500, 10k (default), 1m.")
    private Long messages = DemoOptions.DEFAULT_MESSAGES;

    @Option(
            names = "-s",
            paramLabel = "SIZE",
            converter = SizeConverter.class,
            description = "Payload of a message, 0 to 16m bytes (default 64).")
    private @Nullable Long payloadBytes;

    @Option(
            names = "-c",
            paramLabel = "CHILDREN",
            converter = CountConverter.class,
            description = "Children of one part, 1 to 32 (default 2), where there can be several;"
                    + " of ring: producers (default 1), of its kind broadcast consumers (default 2); of inbox: 3;"
                    + " of dining 5, 1 is refused; of readers-writers 3 readers.")
    private @Nullable Long children;

    @Option(
            names = "--capacity",
            paramLabel = "SIZE",
            converter = SizeConverter.class,
            description = "How much the mechanism holds when it is full, as 4k.")
    private @Nullable Long capacityBytes;

    @Option(
            names = "--kill-after",
            paramLabel = "DURATION",
            converter = DurationConverter.class,
            description = "Stream without end and kill a child so long after the first data; -n plays no part.")
    private @Nullable Duration killAfter;

    @Option(
            names = "--kind",
            paramLabel = "KIND",
            description =
                    "Which child is killed; of fifo: writer (default), reader; of tcp, uds: client (default), server."
                            + " Of ring it is its kind: one-to-one (default), lanes (default with -c 2 or more), broadcast.")
    private @Nullable String kind;

    @Option(
            names = "--victim",
            paramLabel = "ROLE",
            description =
                    "Which child is killed: of ring, posixmq, producer (default), consumer; of producers-consumers one"
                            + " of these, of readers-writers writer, reader, as the seed decides unless it is said.")
    private @Nullable String victim;

    @Option(names = "--broken", description = "Of sem: leave out P and V; the law is then that updates are lost.")
    private boolean broken;

    @Option(
            names = "--slow",
            description = "Readers pause for 50 us after each message, holders of a lock with it held.")
    private boolean slow;

    @Mixin
    private LinkSettings link = new LinkSettings();

    @Option(
            names = "-t",
            paramLabel = "DURATION",
            converter = DurationConverter.class,
            description = "How long each demo may take (default 60s).")
    private Duration timeout = DemoOptions.DEFAULT_TIMEOUT;

    /** Refuses what makes no sense to any of these demos. */
    void check(List<Demo> demos) {
        checkPayload();
        link.check();
        checkTimes();
        if (children != null && children > DemoOptions.MAX_CHILDREN) {
            throw CommandException.usage(
                    "demo: -c " + children + ": at most " + DemoOptions.MAX_CHILDREN + ", since each is a JVM",
                    "give a smaller -c; -n makes it more messages");
        }
        checkVictim(demos);
        if (broken && killAfter != null) {
            throw CommandException.usage(
                    "demo: --broken and --kill-after: without P and V nobody holds anything that could come back",
                    "give one of them");
        }
        if (capacityBytes != null && (capacityBytes < 1 || capacityBytes > Integer.MAX_VALUE)) {
            throw CommandException.usage(
                    "demo: --capacity " + Units.formatSize(capacityBytes)
                            + ": it must be at least 1 byte and less than 2g",
                    "give a size such as 4k or 1m, or leave it out");
        }
    }

    /** As this demo takes them; a kind that is another's is not for it. */
    DemoOptions toOptions(Demo demo) {
        return new DemoOptions(
                messages,
                payloadBytes(demo),
                capacityBytes == null ? 0 : capacityBytes.intValue(),
                children == null ? 0 : children.intValue(),
                killAfter,
                kind != null && demo.kinds().contains(kind) ? kind : null,
                victim != null && demo.victims().contains(victim) ? victim : null,
                broken && demo.options().contains(DemoOption.BROKEN),
                slow,
                demo.options().contains(DemoOption.LOSS) ? link.toFaults() : link.onlySeed(),
                timeout);
    }

    private int payloadBytes(Demo demo) {
        if (!demo.options().contains(DemoOption.PAYLOAD)) {
            return 0;
        }
        long asked = payloadBytes == null ? DemoOptions.DEFAULT_PAYLOAD_BYTES : payloadBytes;
        return (int) Math.min(asked, demo.largestPayloadBytes());
    }

    private void checkPayload() {
        if (payloadBytes != null && payloadBytes > DemoOptions.MAX_PAYLOAD_BYTES) {
            String largest = Units.formatSize(DemoOptions.MAX_PAYLOAD_BYTES);
            throw CommandException.usage(
                    "demo: -s " + Units.formatSize(payloadBytes) + ": the largest payload is " + largest,
                    "give -s " + largest + " or less; -n makes it more messages");
        }
    }

    /** Refuses to choose who is killed if nobody is. */
    private void checkVictim(List<Demo> demos) {
        if (killAfter != null) {
            return;
        }
        boolean kindIsVictim = kind != null
                && demos.stream().anyMatch(Demo::kindSaysWhoIsKilled)
                && demos.stream()
                        .noneMatch(demo ->
                                !demo.kindSaysWhoIsKilled() && demo.kinds().contains(kind));
        refuseWithoutKill("--kind", kindIsVictim ? kind : null);
        refuseWithoutKill("--victim", victim);
    }

    private static void refuseWithoutKill(String option, @Nullable String given) {
        if (given != null) {
            throw CommandException.usage(
                    "demo: " + option + " " + Quoted.of(given) + " says which child is killed, but nothing says when",
                    "give --kill-after as well, as in --kill-after 200ms");
        }
    }

    private void checkTimes() {
        if (timeout.isZero()) {
            throw CommandException.usage("demo: -t 0: it must be more", "leave it out for 60s");
        }
        if (killAfter != null && killAfter.compareTo(timeout) >= 0) {
            throw CommandException.usage(
                    "demo: --kill-after " + Units.formatDuration(killAfter) + " is not within the time limit of "
                            + Units.formatDuration(timeout),
                    "give a larger -t");
        }
    }

    /** Refuses what is of no use to this demo. */
    void refuseForeign(Demo demo) {
        refuse(demo, DemoOption.PAYLOAD, payloadBytes != null);
        refuse(demo, DemoOption.CHILDREN, children != null);
        refuse(demo, DemoOption.CAPACITY, capacityBytes != null);
        refuse(demo, DemoOption.KILL_AFTER, killAfter != null);
        refuse(demo, DemoOption.KIND, kind != null);
        refuse(demo, DemoOption.VICTIM, victim != null);
        refuse(demo, DemoOption.BROKEN, broken);
        refuse(demo, DemoOption.SLOW, slow);
        for (DemoOption option : DemoOption.values()) {
            refuse(demo, option, link.has(option));
        }
        if (payloadBytes != null && payloadBytes > demo.largestPayloadBytes()) {
            throw CommandException.usage(
                    "demo: " + demo.mechanism() + " takes no -s over " + demo.largestPayloadBytes(),
                    "its messages are no larger; -n makes it more of them");
        }
        refuseUnknown(List.of(demo));
    }

    /** Refuses what this demo cannot do together. */
    void refuseContradiction(Demo demo) {
        String contradiction = demo.contradiction(toOptions(demo));
        if (contradiction != null) {
            throw CommandException.usage(
                    "demo: " + contradiction, "change one of -c, -s, --kind and --capacity, or leave it out");
        }
    }

    /** Refuses a kind, or somebody to be killed, that none of them has. */
    void refuseUnknown(List<Demo> demos) {
        List<String> victims = demos.stream()
                .flatMap(demo -> demo.victims().stream())
                .distinct()
                .toList();
        refuseUnknown("--victim", victim, victims);
        if (kind != null && victims.contains(kind) && demos.size() == 1) {
            throw CommandException.usage(
                    "demo: there is no --kind " + Quoted.of(kind), "who is killed is --victim " + kind);
        }
        refuseUnknown(
                "--kind",
                kind,
                demos.stream().flatMap(demo -> demo.kinds().stream()).distinct().toList());
    }

    private static void refuseUnknown(String option, @Nullable String given, List<String> known) {
        if (given != null && !known.contains(given)) {
            throw CommandException.usage(
                    "demo: there is no " + option + " " + Quoted.of(given),
                    UsageErrors.fixes(Suggestions.nearest(given, known), "it is one of: " + String.join(", ", known)));
        }
    }

    private static void refuse(Demo demo, DemoOption option, boolean given) {
        if (given && !demo.options().contains(option)) {
            throw CommandException.usage("demo: " + demo.mechanism() + " takes no " + option.word());
        }
    }
}

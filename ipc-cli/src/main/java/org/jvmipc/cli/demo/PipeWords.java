package org.jvmipc.cli.demo;

import java.util.Map;
import org.jvmipc.internal.Units;

/** What the demo {@code pipe} saw, for a person: one label and one sentence for each thing it shows. */
final class PipeWords {
    private final DemoOptions options;
    private final Map<String, String> shown;

    PipeWords(DemoOptions options, Map<String, String> shown) {
        this.options = options;
        this.shown = shown;
    }

    void exchange(PipeExchange seen, ChildReport childReceived, ChildReport childSent) {
        long nanos = seen.toChildNanos + seen.fromChildNanos;
        long messages = seen.sent + childSent.sent();
        shown.put(
                "messages",
                Words.count(options.messages()) + " each way, " + Words.count(options.payloadBytes(), "byte")
                        + " of payload, every byte verified");
        shown.put(
                "rate",
                Words.rate(messages, nanos) + " messages/s"
                        + (options.payloadBytes() == 0
                                ? ""
                                : ", " + Words.byteRate(messages * options.payloadBytes(), nanos) + " of payload"));
        shown.put("capacity", Units.formatSize(seen.capacityBytes) + ", as the kernel has made it");
        shown.put("full", full(seen));
        shown.put(
                "empty",
                (seen.foundEmpty ? "nothing there until the child wrote" : "the child was quicker") + "; "
                        + waited(
                                "the parent's reader",
                                seen.readerWaits.count(),
                                seen.readerWaits.total().toNanos()));
        shown.put(
                "child",
                waited("its reader", childReceived.waits(), childReceived.waitNanos()) + "; "
                        + waited("its writer", childSent.waits(), childSent.waitNanos()));
        shown.put("end", "the child closed its pipe and the parent was told " + seen.end + "; " + seen.child);
    }

    private String full(PipeExchange seen) {
        if (!seen.isFilled(options)) {
            return "never: all " + Words.count(seen.sent, "message") + " fit in, "
                    + Words.count(seen.filledBytes, "byte") + "; more of them (-n) or larger ones (-s) fill it";
        }
        return Words.count(seen.blockedBytes) + " of " + Words.count(seen.capacityBytes)
                + " bytes in it when the parent had to wait; "
                + waited(
                        "its writer",
                        seen.writerWaits.count(),
                        seen.writerWaits.total().toNanos());
    }

    private static String waited(String who, long count, long nanos) {
        return count == 0
                ? who + " never waited"
                : who + " waited " + Words.count(count, "time") + ", " + Words.duration(nanos) + " in all";
    }

    void death(PipeDeath seen) {
        shown.put(
                "messages",
                Words.count(seen.received().received(PipeChild.SENDER))
                        + " received from the child, a whole prefix of what it sent; "
                        + Words.count(seen.sentToChild()) + " sent to it");
        shown.put(
                "kill",
                "the " + seen.child() + ", " + Words.duration(seen.killedAfterNanos()) + " after the first data");
        shown.put("reader", "told " + seen.readerReason() + " after " + Words.duration(seen.readerToldNanos()));
        shown.put(
                "writer",
                "told " + seen.writerReason() + " after " + Words.duration(seen.writerToldNanos()) + "; "
                        + waited(
                                "before, it",
                                seen.writerWaits().count(),
                                seen.writerWaits().total().toNanos()));
        shown.put("exit", "known after " + Words.duration(seen.exitToldNanos()));
    }
}

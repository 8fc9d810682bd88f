package org.jvmipc.cli.demo;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;
import org.jvmipc.pipes.WaitStatistics;

/** What a demo has found out: what broke its law, and its numbers and words. In the end it becomes the report. */
public final class Findings {
    private static final long NAMED_WITHIN_NANOS = 500_000_000;
    private static final int SIGKILL = 9;

    private final String mechanism;
    private final String law;
    private final List<String> faults = new ArrayList<>();
    private final List<Peer> peers = new ArrayList<>();
    private final List<String> leftovers = new ArrayList<>();
    private final Map<String, Object> facts = new LinkedHashMap<>();
    private final Map<String, String> shown = new LinkedHashMap<>();
    private Tally tally = new Tally(0, 0, 0, 0, 0, 0);
    private boolean lossIsFault = true;
    private @Nullable String skipped;
    private LongFunction<String> headline = nanos -> "";
    private String nothingLeft = "no process, no descriptor";

    /** Of a demo with this law. */
    public Findings(String mechanism, String law, DemoOptions options) {
        this.mechanism = mechanism;
        this.law = law;
        fact("payload_bytes", options.payloadBytes());
        fact("pause_nanos", options.slow() ? Pause.NANOS : 0);
    }

    /** Something that breaks the law, if it is so. */
    public void faultIf(boolean wrong, String text) {
        if (wrong) {
            faults.add(text);
        }
    }

    /** That it could not be tried here, and why. */
    public void skip(String why) {
        skipped = why;
    }

    /** A child that has to have ended by itself, with success. */
    public void ended(Peer child) {
        faultIf(!child.status().isSuccess(), "the " + child);
        peers.add(child);
    }

    /** A child that has to have been killed. */
    public void killed(Peer child) {
        faultIf(child.status().signal() != SIGKILL, "it was not SIGKILL that ended the " + child);
        peers.add(child);
    }

    /** Somebody who had to be told of a death, and in time. */
    public void told(String who, long nanos) {
        faultIf(nanos > NAMED_WITHIN_NANOS, "the " + who + " was told after " + Words.duration(nanos));
    }

    /** A number, word, truth value, or a list or map of them, by its JSON name. */
    public void fact(String name, Object value) {
        facts.put(name, value);
    }

    /** How often and how long somebody has waited. */
    public void waits(String who, long count, long nanos) {
        fact(who + "_waits", count);
        fact(who + "_wait_nanos", nanos);
    }

    /** How often and how long somebody has waited. */
    public void waits(String who, WaitStatistics waits) {
        waits(who, waits.count(), waits.total().toNanos());
    }

    /** How fast so many messages were. */
    public void rate(long messages, int payloadBytes, long nanos) {
        fact("transfer_nanos", nanos);
        fact("messages_per_second", Math.round(Words.perSecond(messages, nanos)));
        fact("payload_bytes_per_second", Math.round(Words.perSecond(messages * payloadBytes, nanos)));
    }

    /** The same for a person: a label and a sentence. */
    public void show(String label, String sentence) {
        shown.put(label, sentence);
    }

    /** What became of the messages; that some did not come through breaks the law. */
    public void messages(Tally all) {
        tally = all;
        lossIsFault = true;
    }

    /** The same where the law does not say that they come through. */
    public void unguardedMessages(Tally all) {
        tally = all;
        lossIsFault = false;
    }

    /** What has held, on one line, given how long the whole took. */
    public void headline(LongFunction<String> text) {
        headline = text;
    }

    /** What is left of the objects of the run: nothing may be. */
    public void leftBehind(List<String> left) {
        leftovers.addAll(left);
        nothingLeft = "no process, no descriptor, no object and no record of one";
    }

    /** The report, when all is over, and what is left of processes and descriptors is known. */
    public DemoReport report(List<String> left, long nanos) {
        String lost = tally.fault();
        if (lossIsFault && lost != null) {
            faults.add(0, lost);
        }
        leftovers.addAll(left);
        faultIf(!leftovers.isEmpty(), "left behind: " + String.join(", ", leftovers));
        show("left behind", leftovers.isEmpty() ? nothingLeft : leftovers.toString());
        Verdict tried = skipped == null ? Verdict.PASS : Verdict.SKIP;
        return new DemoReport(
                mechanism,
                faults.isEmpty() ? tried : Verdict.FAIL,
                faults.isEmpty() ? skipped : String.join("; ", faults),
                headline.apply(nanos),
                law,
                1 + peers.size(), // the parent is no peer of itself
                tally,
                leftovers.size(),
                nanos,
                peers,
                facts,
                shown);
    }
}

package org.jvmipc.cli.demo.stream;

import org.jspecify.annotations.Nullable;
import org.jvmipc.cli.demo.DemoOptions;
import org.jvmipc.cli.demo.Findings;
import org.jvmipc.cli.demo.Tally;
import org.jvmipc.cli.demo.Words;
import org.jvmipc.cli.demo.stream.StreamTransfer.Death;

/** What the demos of stream sockets saw, for a person: one label and one sentence for each thing they show. */
final class StreamWords {
    private final String mechanism;
    private final DemoOptions options;
    private final Findings findings;
    private final StreamTransfer seen;
    private final Tally tally;

    StreamWords(String mechanism, DemoOptions options, Findings findings, StreamTransfer seen, Tally tally) {
        this.mechanism = mechanism;
        this.options = options;
        this.findings = findings;
        this.seen = seen;
        this.tally = tally;
    }

    void show() {
        Death death = seen.death();
        int clients = seen.pids().size();
        findings.headline(nanos -> headline(death, clients, nanos));
        findings.show(
                "welcome",
                seen.address() + ", a backlog of " + seen.backlog() + ": " + Words.count(clients, "client")
                        + " connected before the first accept");
        findings.show("refused", "one more, by the policy, before a byte was read: he was told " + seen.refusal());
        if (mechanism.equals(StreamDemo.UDS)) {
            findings.show("credentials", "the kernel's word for each caller's process: that of the client");
        }
        findings.show(
                "messages",
                Words.count(tally.received()) + " both ways, " + Words.count(options.payloadBytes(), "byte")
                        + " of payload, every byte verified");
        findings.show("round trip", Words.duration(StreamFindings.longest(seen.trips())) + ", the median");
        findings.show("rate", Words.rates(tally.received(), options.payloadBytes(), seen.nanos()));
        if (death == null) {
            findings.show(
                    "half close", "each client ended its direction, and got the rest of the other one, to its end");
        } else {
            death(death);
        }
    }

    private String headline(@Nullable Death death, int clients, long nanos) {
        if (death == null) {
            return Words.count(tally.received()) + " sent = received over " + Words.count(clients, "connection")
                    + ", both ways, in " + Words.duration(nanos);
        }
        return (death.isOfServer() ? "server" : "client") + " killed, death named in "
                + Words.duration(seen.toldNanos()) + "; " + Words.count(tally.received(), "message") + " verified";
    }

    private void death(Death death) {
        findings.show(
                "kill", death.victim() + ", " + Words.duration(death.killedAfterNanos()) + " after the first data");
        findings.show(
                "told",
                death.isOfServer()
                        ? Words.count(seen.told().size(), "client") + ", DIED, the last one after "
                                + Words.duration(seen.toldNanos())
                        : "the server, DIED after " + Words.duration(seen.toldNanos())
                                + "; the others talked on to their end");
        if (death.isOfServer()) {
            findings.show(
                    "second",
                    "another server had its place " + Words.duration(death.takenOverNanos()) + " after the kill");
        }
    }
}

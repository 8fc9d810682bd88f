package org.jvmipc.cli.demo.stream;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jvmipc.PeerGoneException.Reason;
import org.jvmipc.cli.demo.DemoOptions;
import org.jvmipc.cli.demo.Findings;
import org.jvmipc.cli.demo.Tally;
import org.jvmipc.cli.demo.stream.StreamTransfer.Death;

/** Judges what the demos of stream sockets saw. */
final class StreamFindings {
    private static final String LAW = "callers wait in the backlog until they are accepted; one too many is refused;"
            + " of each connection every message of both directions comes once, in order and sound, those after a half close"
            + " as well; the children ended as expected; nothing left behind";
    private static final String LAW_OF_CLIENT =
            "of the killed client a verified prefix came, and the server was told DIED"
                    + " within 500 ms; of every other connection all came, both ways; nothing left behind";
    private static final String LAW_OF_SERVER =
            "every client was told DIED within 500 ms, and has a verified prefix of what"
                    + " the server sent; another server takes the place of the killed one at once; nothing left behind";

    private final String mechanism;
    private final DemoOptions options;
    private final StreamTransfer seen;
    private final Findings findings;

    StreamFindings(String mechanism, DemoOptions options, StreamTransfer seen) {
        this.mechanism = mechanism;
        this.options = options;
        this.seen = seen;
        Death death = seen.death();
        String law = death == null ? LAW : death.isOfServer() ? LAW_OF_SERVER : LAW_OF_CLIENT;
        this.findings = new Findings(mechanism, law, options);
    }

    Findings judge() {
        Death death = seen.death();
        Tally tally = tally();
        findings.messages(tally);
        welcome();
        if (death == null || !death.isOfServer()) {
            seen.clients().forEach((number, client) -> connection(number, client, seen.ofServer(number)));
        }
        if (death != null) {
            death(death);
        }
        seen.processes().forEach(findings::ended);
        addFacts(tally);
        new StreamWords(mechanism, options, findings, seen, tally).show();
        return findings;
    }

    // ---- the law

    private void welcome() {
        int clients = seen.pids().size();
        findings.faultIf(seen.accepted().size() != clients, seen.accepted().size() + " were accepted, not " + clients);
        findings.faultIf(seen.refusal().isEmpty(), "one too many was not refused");
        findings.faultIf(seen.refused() != 1, "the server has refused " + seen.refused() + ", not 1");
        if (mechanism.equals(StreamDemo.UDS)) {
            List<Long> told =
                    seen.accepted().stream().map(StreamReport::pid).sorted().toList();
            List<Long> real = seen.pids().values().stream().sorted().toList();
            findings.faultIf(!told.equals(real), "the callers were told to be processes " + told + ", not " + real);
        }
    }

    /** Both ends of a connection that nobody has cut. */
    private void connection(int number, StreamReport client, StreamReport server) {
        String of = " of client " + number;
        boolean counted = seen.death() == null;
        for (StreamReport each : List.of(client, server)) {
            findings.faultIf(
                    counted && each.sent() != options.messages(),
                    each.sent() + " messages were sent over the connection" + of);
            findings.faultIf(!each.text().equals(Reason.CLOSED.name()), "an end" + of + " was told " + each.text());
        }
        findings.faultIf(client.digest() != server.sentDigest(), "what came is not what was sent to the end" + of);
        findings.faultIf(server.digest() != client.sentDigest(), "what came is not what was sent by the end" + of);
        findings.faultIf(client.afterHalfClose() == 0, "nothing came after the half close" + of);
    }

    private void death(Death death) {
        findings.killed(death.victim());
        for (StreamReport told : seen.told()) {
            findings.faultIf(
                    !told.text().equals(Reason.DIED.name()), "an end was told \"" + told.text() + "\", not DIED");
            findings.faultIf(told.atNanos() < death.killNanos(), "it was gone before it was killed");
            findings.told(death.isOfServer() ? "client" : "server", told.atNanos() - death.killNanos());
        }
    }

    /** Of what the dead have sent, known is only what came: it must have no gap. */
    private Tally tally() {
        Tally all = new Tally(0, 0, 0, 0, 0, 0);
        Death death = seen.death();
        for (Map.Entry<Integer, StreamReport> client : seen.clients().entrySet()) {
            StreamReport server = seen.server().get(client.getKey());
            long sent = server == null ? client.getValue().next() : server.sent();
            all = all.plus(tally(sent, client.getValue()));
        }
        for (Map.Entry<Integer, StreamReport> server : seen.server().entrySet()) {
            StreamReport client = seen.clients().get(server.getKey());
            long sent = client == null ? server.getValue().next() : client.sent();
            all = all.plus(tally(sent, server.getValue()));
        }
        findings.faultIf(death != null && all.received() == 0, "nothing came before the kill");
        return all;
    }

    private static Tally tally(long sent, StreamReport receiver) {
        return new Tally(
                sent,
                receiver.received(),
                Math.max(0, sent - receiver.received()),
                receiver.duplicated(),
                receiver.reordered(),
                receiver.corrupt());
    }

    // ---- facts

    private void addFacts(Tally tally) {
        Death death = seen.death();
        findings.fact("clients", seen.pids().size());
        findings.fact("backlog", seen.backlog());
        findings.fact("connected_before_accept", seen.connected().size());
        findings.fact("accepted", seen.accepted().size());
        findings.fact("refused", seen.refused());
        findings.fact("refused_told", seen.refusal());
        findings.fact("half_closes", halfCloses());
        if (mechanism.equals(StreamDemo.UDS)) {
            List<Long> pids = new ArrayList<>();
            seen.accepted().forEach(each -> pids.add(each.pid()));
            findings.fact("credentials", pids);
        }
        findings.fact("connect_nanos", longest(seen.connected()));
        findings.fact("round_trip_nanos", longest(seen.trips()));
        if (death != null) {
            findings.fact("killed", death.isOfServer() ? StreamDemo.KILL_SERVER : StreamDemo.KILL_CLIENT);
            findings.fact("killed_after_nanos", death.killedAfterNanos());
            findings.fact("told", Reason.DIED.name());
            findings.fact("told_nanos", seen.toldNanos());
            if (death.isOfServer()) {
                findings.fact("taken_over_nanos", death.takenOverNanos());
            }
        }
        findings.rate(tally.received(), options.payloadBytes(), seen.nanos());
    }

    /** How many clients got the rest when they had ended their own direction. */
    long halfCloses() {
        return seen.clients().values().stream()
                .filter(each -> each.afterHalfClose() > 0)
                .count();
    }

    static long longest(Map<Integer, StreamReport> reports) {
        return reports.values().stream().mapToLong(StreamReport::nanos).max().orElse(0);
    }
}

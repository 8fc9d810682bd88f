package org.jvmipc.cli.demo.shm;

import org.jvmipc.cli.demo.DemoOptions;
import org.jvmipc.cli.demo.Findings;
import org.jvmipc.cli.demo.Words;
import org.jvmipc.cli.demo.shared.BoardState;
import org.jvmipc.cli.demo.shared.HolderDeath;

/** What the demo {@code shm} saw, for a person: one label and one sentence for each thing it shows. */
final class ShmWords {
    private final DemoOptions options;
    private final Findings findings;

    ShmWords(DemoOptions options, Findings findings) {
        this.options = options;
        this.findings = findings;
    }

    void transfer(ShmTransfer seen) {
        long received = seen.tally().received();
        findings.show(
                "area",
                Words.count(received, "message") + " of "
                        + Words.count(seen.received().size(), "writer") + " through "
                        + Words.count(seen.areaBytes(), "byte") + " of memory, "
                        + Words.count(options.payloadBytes(), "byte") + " of payload, every byte verified");
        findings.show("rate", Words.rates(received, options.payloadBytes(), seen.nanos()));
        findings.show("full", Words.waited("the writers", seen.waits(), seen.waitNanos()));
        findings.show(
                "empty",
                Words.waited("the reader", seen.reader().waits(), seen.reader().waitNanos()));
        findings.show(
                "variables",
                Words.count(seen.variables().total())
                        + " counted with the lock held, as many by atomic additions without");
        findings.show(
                "lock",
                "held " + Words.count(seen.board().holds() - seen.holdsOfReader(), "time") + " by FileLock and "
                        + Words.count(seen.holdsOfReader(), "time") + " by FileMutex, never by two at once");
        HolderDeath death = seen.death();
        if (death != null) {
            death(seen, death);
        }
        findings.show("end", Words.list(seen.processes()));
    }

    private void death(ShmTransfer seen, HolderDeath death) {
        BoardState board = seen.board();
        findings.show(
                "kill",
                death.victim() + ", " + Words.duration(death.killedAfterNanos())
                        + " after the first messages, with the lock held and a message half written");
        findings.show(
                "next",
                (board.taker() == board.done().size() ? "the reader" : "writer " + board.taker()) + " had the lock "
                        + Words.duration(seen.recoveryNanos()) + " after the kill; of the dead one came "
                        + Words.count(seen.sent(death.number()), "whole message") + " and nothing of the half one");
    }
}

package org.jvmipc.cli.demo;

import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** The options that not every demo takes. */
public enum DemoOption {
    PAYLOAD("-s"),
    CHILDREN("-c"),
    CAPACITY("--capacity"),
    KILL_AFTER("--kill-after"),
    KIND("--kind"),
    VICTIM("--victim"),
    BROKEN("--broken"),
    SLOW("--slow"),
    LOSS("--loss"),
    REORDER("--reorder"),
    DUP("--dup"),
    DELAY("--delay"),
    CORRUPT("--corrupt"),
    SEED("--seed");

    /** What a link can do to messages, and what decides of it. */
    private static final Set<DemoOption> OF_A_LINK =
            Collections.unmodifiableSet(EnumSet.of(LOSS, REORDER, DUP, DELAY, CORRUPT, SEED));

    private final String word;

    DemoOption(String word) {
        this.word = word;
    }

    /** All but these, of a demo without a link that has faults, and without a choice of who is killed besides its kinds. */
    public static Set<DemoOption> allBut(DemoOption... others) {
        EnumSet<DemoOption> options = EnumSet.complementOf(EnumSet.copyOf(OF_A_LINK));
        options.remove(VICTIM);
        options.removeAll(List.of(others));
        return options;
    }

    /** Those of a link that has faults, and these. */
    public static Set<DemoOption> ofLinkAnd(DemoOption... others) {
        EnumSet<DemoOption> options = EnumSet.copyOf(OF_A_LINK);
        options.addAll(List.of(others));
        return options;
    }

    /** As it is typed. */
    public String word() {
        return word;
    }
}

package org.jvmipc.cli.demo;

/** The options that not every demo takes. */
public enum DemoOption {
    PAYLOAD("-s"),
    CHILDREN("-c"),
    CAPACITY("--capacity"),
    KILL_AFTER("--kill-after"),
    KIND("--kind"),
    BROKEN("--broken"),
    SLOW("--slow");

    private final String word;

    DemoOption(String word) {
        this.word = word;
    }

    /** As it is typed. */
    public String word() {
        return word;
    }
}

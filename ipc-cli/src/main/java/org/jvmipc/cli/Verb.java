package org.jvmipc.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.jvmipc.cli.frame.IpcCommand;

/** The verbs there are. The class of one is loaded when it is used: a new verb costs the others nothing. */
enum Verb {
    DEMO(Group.START, "launch parent and child JVMs for a mechanism and verify the data"),
    HELP(Group.HELP, "print this, or the help of a verb");

    /** Where a verb stands in the help. */
    enum Group {
        START("Start here"),
        TALK("Talk"),
        SYNCHRONISE("Synchronise"),
        MANAGE("Manage"),
        HELP("Help");

        private final String title;

        Group(String title) {
            this.title = title;
        }

        String title() {
            return title;
        }
    }

    private final Group group;
    private final String description;

    Verb(Group group, String description) {
        this.group = group;
        this.description = description;
    }

    /** What is typed. */
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    Group group() {
        return group;
    }

    String description() {
        return description;
    }

    /** The verb that is typed so, or null. */
    static @Nullable Verb of(String word) {
        for (Verb verb : values()) {
            if (verb.word().equals(word)) {
                return verb;
            }
        }
        return null;
    }

    static List<String> words() {
        List<String> words = new ArrayList<>();
        for (Verb verb : values()) {
            words.add(verb.word());
        }
        return words;
    }

    /** A new command object, for one command line. */
    IpcCommand command() {
        return switch (this) {
            case DEMO -> new DemoCommand();
            case HELP -> new HelpCommand();
        };
    }
}

package org.jvmipc.cli.frame;

import java.util.Map;

/** Colours a word, or leaves it as it is. The words say it all; colour is for the eye only. */
public final class Palette {
    /** When to colour. */
    public enum Mode {
        AUTO,
        ALWAYS,
        NEVER
    }

    /** What a word means. */
    public enum Meaning {
        GOOD("32;1"),
        BAD("31;1"),
        UNSURE("33;1");

        private final String sequence;

        Meaning(String sequence) {
            this.sequence = sequence;
        }
    }

    private final boolean coloured;

    private Palette(boolean coloured) {
        this.coloured = coloured;
    }

    /** The palette for one stream: {@code AUTO} colours on a terminal that can, unless {@code NO_COLOR} is set. */
    public static Palette of(Mode mode, int fd, Map<String, String> environment) {
        return switch (mode) {
            case ALWAYS -> new Palette(true);
            case NEVER -> new Palette(false);
            case AUTO -> new Palette(wanted(environment) && Terminal.isTerminal(fd));
        };
    }

    /** As no-color.org has it: set and not empty. */
    private static boolean wanted(Map<String, String> environment) {
        return environment.getOrDefault("NO_COLOR", "").isEmpty()
                && !environment.getOrDefault("TERM", "dumb").equals("dumb");
    }

    /** The word in the colour of its meaning. */
    public String paint(Meaning meaning, String word) {
        return coloured ? "\u001b[" + meaning.sequence + "m" + word + "\u001b[0m" : word;
    }
}

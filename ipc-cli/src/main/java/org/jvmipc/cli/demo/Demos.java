package org.jvmipc.cli.demo;

import java.util.List;

/** The demos there are. */
public final class Demos {
    private static final List<String> NAMES = List.of("pipe");

    private Demos() {}

    /** Their names, in the order in which they are best looked at. */
    public static List<String> names() {
        return NAMES;
    }

    /**
     * The demo of that name; its classes are loaded only now.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static Demo of(String name) {
        return switch (name) {
            case "pipe" -> new PipeDemo();
            default -> throw new IllegalArgumentException("no demo is named " + name);
        };
    }
}

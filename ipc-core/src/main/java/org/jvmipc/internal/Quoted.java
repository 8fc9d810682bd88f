package org.jvmipc.internal;

import java.util.Locale;

/**
 * A value as it stands in an error message: in double quotes, on one line, not endless, and without anything that a
 * terminal would obey.
 *
 * <p><b>Thread safety.</b> Stateless.
 */
public final class Quoted {
    private static final int LONGEST_CHARS = 200;

    private Quoted() {}

    /** The value in quotes; what does not print becomes {@code \\u001b} and the like, what is over 200 characters is cut. */
    public static String of(String value) {
        StringBuilder text = new StringBuilder(Math.min(value.length(), LONGEST_CHARS) + 2).append('"');
        int index = 0;
        while (index < value.length() && index < LONGEST_CHARS) {
            int codePoint = value.codePointAt(index);
            append(text, codePoint);
            index += Character.charCount(codePoint);
        }
        return text.append(index < value.length() ? "...\"" : "\"").toString();
    }

    private static void append(StringBuilder text, int codePoint) {
        switch (Character.getType(codePoint)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED -> text.append(String.format(Locale.ROOT, "\\u%04x", codePoint));
            default -> text.appendCodePoint(codePoint);
        }
    }
}

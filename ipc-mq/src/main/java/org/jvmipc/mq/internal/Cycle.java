package org.jvmipc.mq.internal;

import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One cycle of the log: a directory, whose name says all there is to know of it without opening it.
 *
 * @param number of the cycle, from 1
 * @param firstIndex of the first message in it
 * @param createdMillis when it was begun, since 1970; no message before it is younger
 * @param directory where it lies
 */
public record Cycle(int number, long firstIndex, long createdMillis, Path directory) {
    private static final Pattern NAME = Pattern.compile("([0-9]{10})-([0-9]{19})-([0-9]{13})");

    /** One that is to be begun. */
    public static Cycle next(Path parent, int number, long firstIndex, long createdMillis) {
        String name = String.format(Locale.ROOT, "%010d-%019d-%013d", number, firstIndex, createdMillis);
        return new Cycle(number, firstIndex, createdMillis, parent.resolve(name));
    }

    /** The one in the directory; null if it is none by its name. */
    public static @Nullable Cycle of(Path directory) {
        Matcher matcher = NAME.matcher(String.valueOf(directory.getFileName()));
        if (!matcher.matches()) {
            return null;
        }
        try {
            return new Cycle(
                    Integer.parseInt(matcher.group(1)),
                    Long.parseLong(matcher.group(2)),
                    Long.parseLong(matcher.group(3)),
                    directory);
        } catch (NumberFormatException e) {
            return null;
        }
    }

    /** The file with its messages. */
    public Path file() {
        return directory.resolve(DocumentLayout.FILE);
    }
}

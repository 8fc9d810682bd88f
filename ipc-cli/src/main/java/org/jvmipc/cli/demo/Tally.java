package org.jvmipc.cli.demo;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What became of all messages of a demo.
 *
 * @param sent how many were sent
 * @param received how many different ones came
 * @param lost how many never came
 * @param duplicated how many came again
 * @param reordered how many came after a later one
 * @param corrupt how many were not what was sent
 */
public record Tally(long sent, long received, long lost, long duplicated, long reordered, long corrupt) {
    /** Of turns, each of which is counted once: so many were made, and the counter says so many. */
    public static Tally counted(long made, long counter) {
        return new Tally(made, Math.min(made, counter), Math.max(0, made - counter), Math.max(0, counter - made), 0, 0);
    }

    /** Both together. */
    public Tally plus(Tally other) {
        return new Tally(
                sent + other.sent,
                received + other.received,
                lost + other.lost,
                duplicated + other.duplicated,
                reordered + other.reordered,
                corrupt + other.corrupt);
    }

    /** What is wrong with them, or null. */
    @Nullable
    public String fault() {
        if (lost + duplicated + reordered + corrupt == 0) {
            return null;
        }
        return String.format(
                Locale.ROOT,
                "of %d messages sent %d were lost, %d doubled, %d out of order, %d corrupt",
                sent,
                lost,
                duplicated,
                reordered,
                corrupt);
    }
}

package org.jvmipc.internal;

import java.util.Collection;
import java.util.Locale;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Finds what a mistyped word was meant to be: the nearest known word by the Damerau-Levenshtein distance (a letter too
 * many, missing, wrong, or swapped with its neighbour counts 1).
 *
 * <p><b>Thread safety.</b> Stateless.
 */
public final class Suggestions {
    private static final int LONGEST_CHARS = 64;
    private static final int SHORTEST_PREFIX_CHARS = 3;

    private Suggestions() {}

    /**
     * The known word nearest to the given one, upper and lower case being the same; of equally near ones the first by
     * alphabet. Near is a third of the longer word's letters, and never all of them. Failing that, the one known word
     * that begins with the given one, if that has at least 3 letters.
     *
     * @return null if nothing is near
     */
    public static @Nullable String nearest(String word, Collection<String> known) {
        if (word.length() > LONGEST_CHARS) {
            return null;
        }
        String typed = word.toLowerCase(Locale.ROOT);
        String best = null;
        int bestDistance = Integer.MAX_VALUE;
        for (String candidate : new TreeSet<>(known)) {
            int distance = distance(typed, candidate.toLowerCase(Locale.ROOT));
            if (distance <= tolerance(typed, candidate) && distance < bestDistance) {
                best = candidate;
                bestDistance = distance;
            }
        }
        return best != null ? best : completion(typed, known);
    }

    /** How many slips of the finger still leave the word recognisable. */
    private static int tolerance(String typed, String candidate) {
        return (Math.max(typed.length(), candidate.length()) + 1) / 3;
    }

    private static @Nullable String completion(String typed, Collection<String> known) {
        String found = null;
        if (typed.length() >= SHORTEST_PREFIX_CHARS) {
            for (String candidate : known) {
                if (candidate.toLowerCase(Locale.ROOT).startsWith(typed)) {
                    if (found != null && !found.equals(candidate)) {
                        return null;
                    }
                    found = candidate;
                }
            }
        }
        return found;
    }

    /** The distance with each letter taking part in one slip only (optimal string alignment), by three rows. */
    static int distance(String a, String b) {
        int[] beforeLast = new int[b.length() + 1];
        int[] last = new int[b.length() + 1];
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int[] free = beforeLast;
            beforeLast = last;
            last = row;
            row = free;
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
                row[j] = Math.min(last[j - 1] + change, Math.min(last[j], row[j - 1]) + 1);
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    row[j] = Math.min(row[j], beforeLast[j - 2] + 1);
                }
            }
        }
        return row[b.length()];
    }
}

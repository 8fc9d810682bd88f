package org.jvmipc.internal.registry;

import java.util.List;

/**
 * What became of the stale.
 *
 * @param entries one for each record that was stale
 */
public record CleanUp(List<Entry> entries) {
    /** What became of one. */
    public enum Outcome {
        /** Object and record were removed, by this cleaner. */
        REMOVED,
        /** The record was removed; there was no object of it, and what is at its path was not touched. */
        FORGOTTEN,
        /** Nothing was touched. */
        SKIPPED
    }

    /**
     * What became of one.
     *
     * @param record what was known of it
     * @param outcome what was done; in a dry run what would have been done
     * @param reason why, in a few words
     */
    public record Entry(RegistryRecord record, Outcome outcome, String reason) {}

    /** Keeps a copy of the list. */
    public CleanUp {
        entries = List.copyOf(entries);
    }

    /** The records of the objects that were removed. */
    public List<RegistryRecord> removed() {
        return of(Outcome.REMOVED);
    }

    /** The records that were removed without an object. */
    public List<RegistryRecord> forgotten() {
        return of(Outcome.FORGOTTEN);
    }

    /** Those that were not touched, with the reason. */
    public List<Entry> skipped() {
        return entries.stream()
                .filter(entry -> entry.outcome() == Outcome.SKIPPED)
                .toList();
    }

    private List<RegistryRecord> of(Outcome outcome) {
        return entries.stream()
                .filter(entry -> entry.outcome() == outcome)
                .map(Entry::record)
                .toList();
    }
}

package org.jvmipc.spi;

import org.jvmipc.Address;

/**
 * What became of one object that was left over.
 *
 * @param address its canonical address
 * @param outcome what was done; in a dry run what would be done
 * @param reason why, in a few words
 */
public record Removal(Address address, Outcome outcome, String reason) {
    /** What became of it. */
    public enum Outcome {
        /** The object and its record were removed, by this caller. */
        REMOVED,
        /** The record was removed; there was no object of it, and what has its place now was not touched. */
        FORGOTTEN,
        /** Nothing was touched. */
        SKIPPED
    }
}

package org.jvmipc.shm.internal;

import java.util.Map;
import org.jvmipc.Lifetime;
import org.jvmipc.process.ProcessIdentity;

/**
 * What is settled when a file object is made.
 *
 * @param sizeBytes the size of the file, all of it allocated; at least 1
 * @param mode its permission bits, whatever the umask is
 * @param lifetime whether it is left over once its owner is dead
 * @param owner whose it is
 * @param settings what the record keeps for who opens it
 */
public record Creation(
        long sizeBytes, int mode, Lifetime lifetime, ProcessIdentity owner, Map<String, String> settings) {
    /** Keeps a copy of the settings. */
    public Creation {
        if (sizeBytes < 0) {
            throw new IllegalArgumentException("size is " + sizeBytes + "; it must not be negative");
        }
        settings = Map.copyOf(settings);
    }
}

package org.jvmipc.spi;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a look at all that is in an object has found.
 *
 * @param facts what was looked at, as of {@link Scheme#inspect}
 * @param damages what is damaged or missing, a line each; empty if all is whole
 */
public record Check(Map<String, Object> facts, List<String> damages) {
    /** Keeps copies, in their order. */
    public Check {
        facts = Collections.unmodifiableMap(new LinkedHashMap<>(facts));
        damages = List.copyOf(damages);
    }
}

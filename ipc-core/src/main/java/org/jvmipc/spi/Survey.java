package org.jvmipc.spi;

import java.util.List;

/**
 * All objects of a scheme that this user has made, at one moment.
 *
 * @param objects by address
 * @param problems what cannot be told of, because a record of it is damaged, or it cannot be looked at: a message each
 */
public record Survey(List<ObjectInfo> objects, List<String> problems) {
    /** Keeps copies of the lists. */
    public Survey {
        objects = List.copyOf(objects);
        problems = List.copyOf(problems);
    }
}

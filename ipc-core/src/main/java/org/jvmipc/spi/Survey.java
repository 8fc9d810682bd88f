package org.jvmipc.spi;

import java.util.ArrayList;
import java.util.List;

/**
 * All objects of a scheme that this user has made, at one moment.
 *
 * @param objects by address
 * @param problems what cannot be told of, because a record of it is damaged, or it cannot be looked at: a message each
 * @param notes what else there may be that cannot be seen from here, and what would show it: a message each, for those who ask for
 *     this scheme
 */
public record Survey(List<ObjectInfo> objects, List<String> problems, List<String> notes) {
    /** Keeps copies of the lists. */
    public Survey {
        objects = List.copyOf(objects);
        problems = List.copyOf(problems);
        notes = List.copyOf(notes);
    }

    /** One without notes. */
    public Survey(List<ObjectInfo> objects, List<String> problems) {
        this(objects, problems, List.of());
    }

    /** The same with one more note. */
    public Survey withNote(String note) {
        List<String> more = new ArrayList<>(notes);
        more.add(note);
        return new Survey(objects, problems, more);
    }
}

package org.jvmipc;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/**
 * Finds how a component lies in a message by its declared type, type arguments included.
 *
 * <p><b>Thread safety.</b> None: used while one codec is composed.
 */
final class ComponentTypes {
    /** The records that are being composed, the outermost first. */
    private final Deque<Class<?>> nesting = new ArrayDeque<>();

    /**
     * A record is being composed from here until {@link #leave()}.
     *
     * @throws IllegalArgumentException if it is being composed already: its messages would have no greatest depth
     */
    void enter(Class<?> type) {
        if (nesting.contains(type)) {
            StringJoiner way = new StringJoiner(" > ");
            nesting.forEach(outer -> way.add(outer.getSimpleName()));
            throw new IllegalArgumentException("record " + type.getName() + " contains itself (" + way + " > "
                    + type.getSimpleName() + "); send a list of records that refer to each other by number instead");
        }
        nesting.addLast(type);
    }

    void leave() {
        nesting.removeLast();
    }

    /** The kind for a component's type, or null if there is none. */
    @Nullable
    ComponentKind kind(Type type) {
        if (type instanceof ParameterizedType generic && generic.getActualTypeArguments().length == 1) {
            ComponentKind element = kind(generic.getActualTypeArguments()[0]);
            if (element != null && generic.getRawType() == List.class && element.fixedBytes() > 0) {
                return ComponentKind.of(new ListForm(element), List.class);
            }
            if (element != null && generic.getRawType() == Optional.class) {
                return ComponentKind.of(new OptionalForm(element), Optional.class);
            }
            return null;
        }
        return type instanceof Class<?> plain ? kind(plain) : null;
    }

    private @Nullable ComponentKind kind(Class<?> type) {
        if (type.isEnum()) {
            return ComponentKind.of(new EnumForm(type), type);
        }
        if (type.isRecord()) {
            return ComponentKind.of(new RecordForm(new RecordCodec<>(type.asSubclass(Record.class), this)), type);
        }
        return ComponentKind.of(type);
    }

    /** The types there are, for an error. */
    static String supported() {
        return ComponentKind.supported()
                + ", arrays of the primitive ones, records, enums, and List and Optional of these"
                + " (of what takes at least one byte)";
    }
}

package org.jvmipc;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.AccessibleObject;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Records; the layout is in {@link Codecs#record(Class)}, its parts are the {@link ComponentKind}s.
 *
 * <p>The handles are composed once, so that a message is written without boxing or allocation, and read with none but
 * what the record itself consists of.
 *
 * <p><b>Thread safety.</b> Immutable.
 */
final class RecordCodec<R extends Record> implements Codec<R> {
    private final Class<R> type;
    private final boolean sized;
    private final int fixedBytes;
    /** One per component whose size varies: {@code (Object record)int}. */
    private final MethodHandle[] sizers;
    /** One per component: {@code (ByteBuffer target, Object record)void}. */
    private final MethodHandle[] writers;
    /** {@code (ByteBuffer source)Object}: reads all components, then calls the constructor. */
    private final MethodHandle reader;

    /**
     * Composes the codec.
     *
     * @throws IllegalArgumentException if a component has an unsupported type, or the record is not accessible
     */
    RecordCodec(Class<R> type) {
        this(type, new ComponentTypes());
    }

    /** The same of a record that may be inside others. */
    RecordCodec(Class<R> type, ComponentTypes types) {
        if (!type.isRecord()) {
            throw new IllegalArgumentException(type.getName() + " is no record");
        }
        this.type = type;
        types.enter(type);
        RecordComponent[] components = type.getRecordComponents();
        List<MethodHandle> sizing = new ArrayList<>();
        List<MethodHandle> writing = new ArrayList<>();
        List<MethodHandle> reading = new ArrayList<>();
        boolean allSized = true;
        int bytes = 0;
        for (RecordComponent component : components) {
            ComponentKind kind = kind(types, component);
            String name = component.getName();
            MethodHandle accessor = accessor(component);
            MethodHandle sizer = kind.sizer();
            if (sizer != null) {
                sizing.add(MethodHandles.filterArguments(sizer.bindTo(name), 0, accessor));
            }
            writing.add(MethodHandles.filterArguments(kind.writer().bindTo(name), 1, accessor));
            reading.add(kind.reader().bindTo(name));
            allSized &= kind.sized();
            bytes = Math.addExact(bytes, kind.fixedBytes());
        }
        types.leave();
        this.sized = allSized;
        this.fixedBytes = bytes;
        this.sizers = sizing.toArray(MethodHandle[]::new);
        this.writers = writing.toArray(MethodHandle[]::new);
        this.reader = reader(constructor(components), reading);
    }

    private ComponentKind kind(ComponentTypes types, RecordComponent component) {
        ComponentKind kind = types.kind(component.getGenericType());
        if (kind == null) {
            throw new IllegalArgumentException("record " + type.getName() + ": component " + component.getName()
                    + " has type " + component.getGenericType().getTypeName() + "; supported are "
                    + ComponentTypes.supported());
        }
        return kind;
    }

    private MethodHandle accessor(RecordComponent component) {
        try {
            Method accessor = component.getAccessor();
            MethodHandle handle = MethodHandles.lookup().unreflect(accessible(accessor));
            return handle.asType(MethodType.methodType(component.getType(), Object.class));
        } catch (IllegalAccessException e) {
            throw inaccessible(e);
        }
    }

    private MethodHandle constructor(RecordComponent[] components) {
        Class<?>[] types = new Class<?>[components.length];
        for (int i = 0; i < types.length; i++) {
            types[i] = components[i].getType();
        }
        try {
            Constructor<R> constructor = type.getDeclaredConstructor(types);
            return MethodHandles.lookup().unreflectConstructor(accessible(constructor));
        } catch (NoSuchMethodException | IllegalAccessException e) {
            throw inaccessible(e);
        }
    }

    /** The record may be private, or local to a method; what it may not be is hidden by its module. */
    private <A extends AccessibleObject> A accessible(A member) throws IllegalAccessException {
        if (!member.trySetAccessible()) {
            throw new IllegalAccessException("module " + type.getModule().getName() + " does not open the package "
                    + type.getPackageName() + " to " + module(RecordCodec.class.getModule()));
        }
        return member;
    }

    private static String module(Module module) {
        return module.isNamed() ? module.getName() : "unnamed modules";
    }

    private IllegalArgumentException inaccessible(ReflectiveOperationException e) {
        return new IllegalArgumentException("record " + type.getName() + " cannot be accessed: " + e.getMessage(), e);
    }

    /**
     * The constructor with its arguments read from the buffer. The readers are put around it from the last to the first:
     * what was put on last runs first, so the components are read in the order of their declaration.
     */
    private static MethodHandle reader(MethodHandle constructor, List<MethodHandle> readers) {
        MethodHandle composed = constructor;
        for (int i = readers.size() - 1; i >= 0; i--) {
            composed = MethodHandles.filterArguments(composed, i, readers.get(i));
        }
        MethodType fromBuffer = MethodType.methodType(constructor.type().returnType(), ByteBuffer.class);
        return MethodHandles.permuteArguments(composed, fromBuffer, new int[readers.size()])
                .asType(MethodType.methodType(Object.class, ByteBuffer.class));
    }

    @Override
    public int size(R message) {
        if (!sized) {
            return UNKNOWN_SIZE;
        }
        Objects.requireNonNull(message, "message is null");
        try {
            return Math.addExact(fixedBytes, extraBytes(message));
        } catch (ComponentException e) {
            throw e.within(type.getSimpleName());
        }
    }

    @Override
    public void encode(R message, ByteBuffer target) {
        Objects.requireNonNull(message, "message is null");
        try {
            write(message, target);
        } catch (ComponentException e) {
            throw e.within(type.getSimpleName());
        }
    }

    @Override
    public R decode(ByteBuffer source) {
        Object message;
        try {
            message = read(source);
        } catch (ComponentException e) {
            throw e.within(type.getSimpleName());
        }
        if (source.hasRemaining()) {
            throw new IllegalArgumentException(
                    "message has " + source.remaining() + " bytes more than record " + type.getSimpleName());
        }
        return type.cast(message);
    }

    // ---- the same without the name of the type in front of an error, for records inside others

    int fixedBytes() {
        return fixedBytes;
    }

    boolean isSized() {
        return sized;
    }

    /** The bytes beyond the fixed ones; only if it is sized. */
    int extraBytes(Object message) {
        int bytes = 0;
        try {
            for (MethodHandle sizer : sizers) {
                bytes = Math.addExact(bytes, (int) sizer.invokeExact(message));
            }
        } catch (Throwable e) {
            throw unchecked(e);
        }
        return bytes;
    }

    void write(Object message, ByteBuffer target) {
        try {
            for (MethodHandle writer : writers) {
                writer.invokeExact(target, message);
            }
        } catch (Throwable e) {
            throw unchecked(e);
        }
    }

    Object read(ByteBuffer source) {
        try {
            return (Object) reader.invokeExact(source);
        } catch (Throwable e) {
            throw unchecked(e);
        }
    }

    /** Handles declare every exception; accessors and constructors of records throw unchecked ones only. */
    static RuntimeException unchecked(Throwable e) {
        if (e instanceof Error error) {
            throw error;
        }
        return e instanceof RuntimeException exception ? exception : new IllegalStateException(e);
    }
}

package org.jvmipc;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * How components of one type lie in a message: the handles that {@link RecordCodec} composes. A further simple type is one
 * more line in {@link #kinds()} and its methods below: one that writes, one that reads and, if the size varies but is cheap
 * to tell, one that measures. What is composed of others is a {@link ComponentForm}.
 *
 * <p>The methods take the component's name first, for their errors, and check every length before they allocate.
 *
 * @param writer {@code (String name, ByteBuffer target, X value)void}
 * @param reader {@code (String name, ByteBuffer source)X}
 * @param fixedBytes what every value takes, or its least where the size varies
 * @param sizer {@code (String name, X value)int}, the bytes beyond those; null where there are none
 * @param sized whether fixedBytes and sizer tell the whole size
 */
record ComponentKind(
        MethodHandle writer, MethodHandle reader, int fixedBytes, @Nullable MethodHandle sizer, boolean sized) {
    private static final MethodHandle PRESENT =
            find(ComponentKind.class, "present", Object.class, String.class, Object.class);
    private static final MethodHandle WRITE = ofForm("write", void.class, String.class, ByteBuffer.class, Object.class);
    private static final MethodHandle READ = ofForm("read", Object.class, String.class, ByteBuffer.class);
    private static final MethodHandle EXTRA = ofForm("extraBytes", int.class, String.class, Object.class);
    private static final Map<Class<?>, ComponentKind> KINDS = kinds();

    /** The kind for a component's type, or null if there is none. */
    static @Nullable ComponentKind of(Class<?> type) {
        return KINDS.get(type);
    }

    /** The types there are, for an error. */
    static String supported() {
        TreeSet<String> names = new TreeSet<>();
        KINDS.keySet().stream()
                .filter(type -> type.isPrimitive() || type == String.class)
                .forEach(type -> names.add(type.getSimpleName()));
        return String.join(", ", names);
    }

    private static Map<Class<?>, ComponentKind> kinds() {
        Map<Class<?>, ComponentKind> kinds = new LinkedHashMap<>();
        kinds.put(boolean.class, fixed(boolean.class, "Boolean", Byte.BYTES));
        kinds.put(byte.class, fixed(byte.class, "Byte", Byte.BYTES));
        kinds.put(short.class, fixed(short.class, "Short", Short.BYTES));
        kinds.put(char.class, fixed(char.class, "Char", Character.BYTES));
        kinds.put(int.class, fixed(int.class, "Int", Integer.BYTES));
        kinds.put(long.class, fixed(long.class, "Long", Long.BYTES));
        kinds.put(float.class, fixed(float.class, "Float", Float.BYTES));
        kinds.put(double.class, fixed(double.class, "Double", Double.BYTES));
        for (Map.Entry<Class<?>, ComponentKind> primitive : List.copyOf(kinds.entrySet())) {
            Class<?> boxed = MethodType.methodType(primitive.getKey()).wrap().returnType();
            kinds.put(boxed, boxed(boxed, primitive.getValue()));
        }
        kinds.put(String.class, variable(ComponentKind.class, String.class, "String", false));
        kinds.put(byte[].class, variable(ComponentKind.class, byte[].class, "Bytes", true));
        kinds.put(boolean[].class, variable(ArrayForms.class, boolean[].class, "Booleans", true));
        kinds.put(short[].class, variable(ArrayForms.class, short[].class, "Shorts", true));
        kinds.put(char[].class, variable(ArrayForms.class, char[].class, "Chars", true));
        kinds.put(int[].class, variable(ArrayForms.class, int[].class, "Ints", true));
        kinds.put(long[].class, variable(ArrayForms.class, long[].class, "Longs", true));
        kinds.put(float[].class, variable(ArrayForms.class, float[].class, "Floats", true));
        kinds.put(double[].class, variable(ArrayForms.class, double[].class, "Doubles", true));
        return kinds;
    }

    /** The kind of a form that is composed of others. */
    static ComponentKind of(ComponentForm form, Class<?> type) {
        MethodHandle writer =
                WRITE.bindTo(form).asType(MethodType.methodType(void.class, String.class, ByteBuffer.class, type));
        MethodHandle reader = READ.bindTo(form).asType(MethodType.methodType(type, String.class, ByteBuffer.class));
        MethodHandle sizer = EXTRA.bindTo(form).asType(MethodType.methodType(int.class, String.class, type));
        return new ComponentKind(writer, reader, form.fixedBytes(), form.isSized() ? sizer : null, form.isSized());
    }

    /** {@code (ByteBuffer target, Object element)void}: writes an element, which is named by what it is in. */
    MethodHandle elementWriter() {
        return writer.bindTo("").asType(MethodType.methodType(void.class, ByteBuffer.class, Object.class));
    }

    /** {@code (ByteBuffer source)Object}. */
    MethodHandle elementReader() {
        return reader.bindTo("").asType(MethodType.methodType(Object.class, ByteBuffer.class));
    }

    /** {@code (Object element)int}; null where {@link #sizer} is. */
    @Nullable
    MethodHandle elementSizer() {
        return sizer == null ? null : sizer.bindTo("").asType(MethodType.methodType(int.class, Object.class));
    }

    /** The same as a primitive type, but for null, which would fail without a word about the component. */
    private static ComponentKind boxed(Class<?> type, ComponentKind primitive) {
        MethodHandle writer =
                primitive.writer().asType(primitive.writer().type().changeParameterType(2, type));
        MethodHandle checked = MethodHandles.collectArguments(
                writer, 2, PRESENT.asType(MethodType.methodType(type, String.class, type)));
        MethodType shape = writer.type();
        return new ComponentKind(
                MethodHandles.permuteArguments(checked, shape, 0, 1, 0, 2),
                primitive.reader().asType(primitive.reader().type().changeReturnType(type)),
                primitive.fixedBytes(),
                null,
                true);
    }

    private static ComponentKind fixed(Class<?> type, String name, int bytes) {
        Class<?> home = ComponentKind.class;
        return new ComponentKind(writer(home, type, name), reader(home, type, name), bytes, null, true);
    }

    private static ComponentKind variable(Class<?> home, Class<?> type, String name, boolean sized) {
        MethodHandle sizer = sized ? find(home, "size" + name, int.class, String.class, type) : null;
        return new ComponentKind(writer(home, type, name), reader(home, type, name), Integer.BYTES, sizer, sized);
    }

    private static MethodHandle writer(Class<?> home, Class<?> type, String name) {
        return find(home, "write" + name, void.class, String.class, ByteBuffer.class, type);
    }

    private static MethodHandle reader(Class<?> home, Class<?> type, String name) {
        return find(home, "read" + name, type, String.class, ByteBuffer.class);
    }

    private static MethodHandle find(Class<?> home, String method, Class<?> result, Class<?>... parameters) {
        try {
            return MethodHandles.lookup().findStatic(home, method, MethodType.methodType(result, parameters));
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("no method " + method + " in " + home.getSimpleName(), e);
        }
    }

    private static MethodHandle ofForm(String method, Class<?> result, Class<?>... parameters) {
        try {
            return MethodHandles.lookup()
                    .findVirtual(ComponentForm.class, method, MethodType.methodType(result, parameters));
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("no method " + method + " in ComponentForm", e);
        }
    }

    static void writeBoolean(String name, ByteBuffer target, boolean value) {
        target.put((byte) (value ? 1 : 0));
    }

    static boolean readBoolean(String name, ByteBuffer source) {
        byte value = readByte(name, source);
        if (value != 0 && value != 1) {
            throw new ComponentException(name, " is " + value + "; a boolean is 0 or 1");
        }
        return value == 1;
    }

    static void writeByte(String name, ByteBuffer target, byte value) {
        target.put(value);
    }

    static byte readByte(String name, ByteBuffer source) {
        return checked(name, source, Byte.BYTES).get();
    }

    static void writeShort(String name, ByteBuffer target, short value) {
        target.putShort(value);
    }

    static short readShort(String name, ByteBuffer source) {
        return checked(name, source, Short.BYTES).getShort();
    }

    static void writeChar(String name, ByteBuffer target, char value) {
        target.putChar(value);
    }

    static char readChar(String name, ByteBuffer source) {
        return checked(name, source, Character.BYTES).getChar();
    }

    static void writeInt(String name, ByteBuffer target, int value) {
        target.putInt(value);
    }

    static int readInt(String name, ByteBuffer source) {
        return checked(name, source, Integer.BYTES).getInt();
    }

    static void writeLong(String name, ByteBuffer target, long value) {
        target.putLong(value);
    }

    static long readLong(String name, ByteBuffer source) {
        return checked(name, source, Long.BYTES).getLong();
    }

    static void writeFloat(String name, ByteBuffer target, float value) {
        target.putFloat(value);
    }

    static float readFloat(String name, ByteBuffer source) {
        return checked(name, source, Float.BYTES).getFloat();
    }

    static void writeDouble(String name, ByteBuffer target, double value) {
        target.putDouble(value);
    }

    static double readDouble(String name, ByteBuffer source) {
        return checked(name, source, Double.BYTES).getDouble();
    }

    static int sizeBytes(String name, byte @Nullable [] value) {
        return present(name, value).length;
    }

    static void writeBytes(String name, ByteBuffer target, byte @Nullable [] value) {
        target.putInt(present(name, value).length).put(value);
    }

    static byte[] readBytes(String name, ByteBuffer source) {
        byte[] value = new byte[readCount(name, source, Byte.BYTES)];
        source.get(value);
        return value;
    }

    static void writeString(String name, ByteBuffer target, @Nullable String value) {
        String text = present(name, value);
        byte[] bytes;
        try {
            bytes = Utf8.encode(text);
        } catch (IllegalArgumentException e) {
            throw new ComponentException(name, ": " + e.getMessage(), e);
        }
        writeBytes(name, target, bytes);
    }

    static String readString(String name, ByteBuffer source) {
        byte[] bytes = readBytes(name, source);
        try {
            return Utf8.decode(bytes);
        } catch (IllegalArgumentException e) {
            throw new ComponentException(name, ": " + e.getMessage(), e);
        }
    }

    private static ByteBuffer checked(String name, ByteBuffer source, int bytes) {
        if (source.remaining() < bytes) {
            throw new ComponentException(name, " needs " + bytes + " bytes, and " + source.remaining() + " are left");
        }
        return source;
    }

    /** The length of what follows, in elements; checked against what is here before anything is allocated for it. */
    static int readCount(String name, ByteBuffer source, int leastBytesOfElement) {
        int count = readInt(name, source);
        if (count < 0 || count > source.remaining() / leastBytesOfElement) {
            throw new ComponentException(
                    name, " has length " + count + ", and " + source.remaining() + " bytes follow");
        }
        return count;
    }

    static <T> T present(String name, @Nullable T value) {
        if (value == null) {
            throw new ComponentException(name, " is null, which has no form in a message");
        }
        return value;
    }
}

package org.jvmipc;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * How components of one type lie in a message: the handles that {@link RecordCodec} composes. A further type is one more
 * line in {@link #kinds()} and its methods below: one that writes, one that reads and, if the size varies but is cheap to
 * tell, one that measures.
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
    private static final Map<Class<?>, ComponentKind> KINDS = kinds();

    /** The kind for a component's type, or null if there is none. */
    static @Nullable ComponentKind of(Class<?> type) {
        return KINDS.get(type);
    }

    /** The types there are, for an error. */
    static String supported() {
        TreeSet<String> names = new TreeSet<>();
        KINDS.keySet().forEach(type -> names.add(type.getSimpleName()));
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
        kinds.put(byte[].class, variable(byte[].class, "Bytes", true));
        kinds.put(String.class, variable(String.class, "String", false));
        return kinds;
    }

    private static ComponentKind fixed(Class<?> type, String name, int bytes) {
        return new ComponentKind(writer(type, name), reader(type, name), bytes, null, true);
    }

    private static ComponentKind variable(Class<?> type, String name, boolean sized) {
        MethodHandle sizer = sized ? find("size" + name, int.class, String.class, type) : null;
        return new ComponentKind(writer(type, name), reader(type, name), Integer.BYTES, sizer, sized);
    }

    private static MethodHandle writer(Class<?> type, String name) {
        return find("write" + name, void.class, String.class, ByteBuffer.class, type);
    }

    private static MethodHandle reader(Class<?> type, String name) {
        return find("read" + name, type, String.class, ByteBuffer.class);
    }

    private static MethodHandle find(String method, Class<?> result, Class<?>... parameters) {
        try {
            return MethodHandles.lookup()
                    .findStatic(ComponentKind.class, method, MethodType.methodType(result, parameters));
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("no method " + method + " in ComponentKind", e);
        }
    }

    static void writeBoolean(String name, ByteBuffer target, boolean value) {
        target.put((byte) (value ? 1 : 0));
    }

    static boolean readBoolean(String name, ByteBuffer source) {
        byte value = readByte(name, source);
        if (value != 0 && value != 1) {
            throw new IllegalArgumentException(name + " is " + value + "; a boolean is 0 or 1");
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
        int length = readInt(name, source);
        if (length < 0 || length > source.remaining()) {
            throw new IllegalArgumentException(
                    name + " has length " + length + ", and " + source.remaining() + " bytes follow");
        }
        byte[] value = new byte[length];
        source.get(value);
        return value;
    }

    static void writeString(String name, ByteBuffer target, @Nullable String value) {
        String text = present(name, value);
        byte[] bytes;
        try {
            bytes = Utf8.encode(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(name + ": " + e.getMessage(), e);
        }
        writeBytes(name, target, bytes);
    }

    static String readString(String name, ByteBuffer source) {
        byte[] bytes = readBytes(name, source);
        try {
            return Utf8.decode(bytes);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(name + ": " + e.getMessage(), e);
        }
    }

    private static ByteBuffer checked(String name, ByteBuffer source, int bytes) {
        if (source.remaining() < bytes) {
            throw new IllegalArgumentException(
                    name + " needs " + bytes + " bytes, and " + source.remaining() + " are left");
        }
        return source;
    }

    private static <T> T present(String name, @Nullable T value) {
        if (value == null) {
            throw new IllegalArgumentException(name + " is null, which has no form in a message");
        }
        return value;
    }
}

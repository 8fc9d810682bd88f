package org.jvmipc;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Arrays of primitive types: the number of elements as an int32, then the elements. Found by name by {@link ComponentKind}. */
final class ArrayForms {
    private ArrayForms() {}

    static int sizeBooleans(String name, boolean @Nullable [] value) {
        return ComponentKind.present(name, value).length;
    }

    static void writeBooleans(String name, ByteBuffer target, boolean @Nullable [] value) {
        boolean[] elements = ComponentKind.present(name, value);
        target.putInt(elements.length);
        for (boolean element : elements) {
            ComponentKind.writeBoolean(name, target, element);
        }
    }

    static boolean[] readBooleans(String name, ByteBuffer source) {
        boolean[] value = new boolean[ComponentKind.readCount(name, source, Byte.BYTES)];
        for (int i = 0; i < value.length; i++) {
            byte element = source.get();
            if (element != 0 && element != 1) {
                throw new ComponentException("[" + i + "]", " is " + element + "; a boolean is 0 or 1").within(name);
            }
            value[i] = element == 1;
        }
        return value;
    }

    static int sizeShorts(String name, short @Nullable [] value) {
        return Math.multiplyExact(ComponentKind.present(name, value).length, Short.BYTES);
    }

    static void writeShorts(String name, ByteBuffer target, short @Nullable [] value) {
        short[] elements = ComponentKind.present(name, value);
        target.putInt(elements.length).asShortBuffer().put(elements);
        target.position(target.position() + elements.length * Short.BYTES);
    }

    static short[] readShorts(String name, ByteBuffer source) {
        short[] value = new short[ComponentKind.readCount(name, source, Short.BYTES)];
        source.asShortBuffer().get(value);
        source.position(source.position() + value.length * Short.BYTES);
        return value;
    }

    static int sizeChars(String name, char @Nullable [] value) {
        return Math.multiplyExact(ComponentKind.present(name, value).length, Character.BYTES);
    }

    static void writeChars(String name, ByteBuffer target, char @Nullable [] value) {
        char[] elements = ComponentKind.present(name, value);
        target.putInt(elements.length).asCharBuffer().put(elements);
        target.position(target.position() + elements.length * Character.BYTES);
    }

    static char[] readChars(String name, ByteBuffer source) {
        char[] value = new char[ComponentKind.readCount(name, source, Character.BYTES)];
        source.asCharBuffer().get(value);
        source.position(source.position() + value.length * Character.BYTES);
        return value;
    }

    static int sizeInts(String name, int @Nullable [] value) {
        return Math.multiplyExact(ComponentKind.present(name, value).length, Integer.BYTES);
    }

    static void writeInts(String name, ByteBuffer target, int @Nullable [] value) {
        int[] elements = ComponentKind.present(name, value);
        target.putInt(elements.length).asIntBuffer().put(elements);
        target.position(target.position() + elements.length * Integer.BYTES);
    }

    static int[] readInts(String name, ByteBuffer source) {
        int[] value = new int[ComponentKind.readCount(name, source, Integer.BYTES)];
        source.asIntBuffer().get(value);
        source.position(source.position() + value.length * Integer.BYTES);
        return value;
    }

    static int sizeLongs(String name, long @Nullable [] value) {
        return Math.multiplyExact(ComponentKind.present(name, value).length, Long.BYTES);
    }

    static void writeLongs(String name, ByteBuffer target, long @Nullable [] value) {
        long[] elements = ComponentKind.present(name, value);
        target.putInt(elements.length).asLongBuffer().put(elements);
        target.position(target.position() + elements.length * Long.BYTES);
    }

    static long[] readLongs(String name, ByteBuffer source) {
        long[] value = new long[ComponentKind.readCount(name, source, Long.BYTES)];
        source.asLongBuffer().get(value);
        source.position(source.position() + value.length * Long.BYTES);
        return value;
    }

    static int sizeFloats(String name, float @Nullable [] value) {
        return Math.multiplyExact(ComponentKind.present(name, value).length, Float.BYTES);
    }

    static void writeFloats(String name, ByteBuffer target, float @Nullable [] value) {
        float[] elements = ComponentKind.present(name, value);
        target.putInt(elements.length).asFloatBuffer().put(elements);
        target.position(target.position() + elements.length * Float.BYTES);
    }

    static float[] readFloats(String name, ByteBuffer source) {
        float[] value = new float[ComponentKind.readCount(name, source, Float.BYTES)];
        source.asFloatBuffer().get(value);
        source.position(source.position() + value.length * Float.BYTES);
        return value;
    }

    static int sizeDoubles(String name, double @Nullable [] value) {
        return Math.multiplyExact(ComponentKind.present(name, value).length, Double.BYTES);
    }

    static void writeDoubles(String name, ByteBuffer target, double @Nullable [] value) {
        double[] elements = ComponentKind.present(name, value);
        target.putInt(elements.length).asDoubleBuffer().put(elements);
        target.position(target.position() + elements.length * Double.BYTES);
    }

    static double[] readDoubles(String name, ByteBuffer source) {
        double[] value = new double[ComponentKind.readCount(name, source, Double.BYTES)];
        source.asDoubleBuffer().get(value);
        source.position(source.position() + value.length * Double.BYTES);
        return value;
    }
}

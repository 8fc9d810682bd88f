package org.jvmipc;

import java.lang.invoke.MethodHandle;
import java.nio.ByteBuffer;
import java.util.ConcurrentModificationException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A list: the number of its elements as an int32, then the elements. What is read is immutable. */
final class ListForm implements ComponentForm {
    private final ComponentKind kind;
    private final MethodHandle writer;
    private final MethodHandle reader;
    private final @Nullable MethodHandle sizer;

    /**
     * A list of such elements.
     *
     * @param kind takes at least one byte, or any number of elements would fit into an empty message
     */
    ListForm(ComponentKind kind) {
        this.kind = kind;
        this.writer = kind.elementWriter();
        this.reader = kind.elementReader();
        this.sizer = kind.elementSizer();
    }

    @Override
    public int fixedBytes() {
        return Integer.BYTES;
    }

    @Override
    public boolean isSized() {
        return kind.sized();
    }

    @Override
    public int extraBytes(String name, @Nullable Object value) {
        List<?> list = (List<?>) ComponentKind.present(name, value);
        int bytes = Math.multiplyExact(list.size(), kind.fixedBytes());
        if (sizer == null) {
            return bytes;
        }
        int index = 0;
        try {
            for (Object element : list) {
                bytes = Math.addExact(bytes, (int) sizer.invokeExact(ComponentKind.present("", element)));
                index++;
            }
        } catch (ComponentException e) {
            throw e.within("[" + index + "]").within(name);
        } catch (Throwable e) {
            throw RecordCodec.unchecked(e);
        }
        return bytes;
    }

    @Override
    public void write(String name, ByteBuffer target, @Nullable Object value) {
        List<?> list = (List<?>) ComponentKind.present(name, value);
        int count = list.size();
        target.putInt(count);
        int index = 0;
        try {
            for (Object element : list) {
                writer.invokeExact(target, ComponentKind.present("", element));
                index++;
            }
        } catch (ComponentException e) {
            throw e.within("[" + index + "]").within(name);
        } catch (Throwable e) {
            throw RecordCodec.unchecked(e);
        }
        if (index != count) { // it would be read as something else
            throw new ConcurrentModificationException(
                    name + " had " + count + " elements, and then " + index + ": it was changed while it was sent");
        }
    }

    @Override
    public Object read(String name, ByteBuffer source) {
        Object[] elements = new Object[ComponentKind.readCount(name, source, kind.fixedBytes())];
        int index = 0;
        try {
            for (; index < elements.length; index++) {
                elements[index] = (Object) reader.invokeExact(source);
            }
        } catch (ComponentException e) {
            throw e.within("[" + index + "]").within(name);
        } catch (Throwable e) {
            throw RecordCodec.unchecked(e);
        }
        return List.of(elements);
    }
}

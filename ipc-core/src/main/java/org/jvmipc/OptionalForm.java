package org.jvmipc;

import java.lang.invoke.MethodHandle;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A value or none: a byte 1 and the value, or a byte 0. */
final class OptionalForm implements ComponentForm {
    private final ComponentKind kind;
    private final MethodHandle writer;
    private final MethodHandle reader;
    private final @Nullable MethodHandle sizer;

    OptionalForm(ComponentKind kind) {
        this.kind = kind;
        this.writer = kind.elementWriter();
        this.reader = kind.elementReader();
        this.sizer = kind.elementSizer();
    }

    @Override
    public int fixedBytes() {
        return Byte.BYTES;
    }

    @Override
    public boolean isSized() {
        return kind.sized();
    }

    @Override
    public int extraBytes(String name, @Nullable Object value) {
        Optional<?> optional = (Optional<?>) ComponentKind.present(name, value);
        if (optional.isEmpty()) {
            return 0;
        }
        try {
            return kind.fixedBytes() + (sizer == null ? 0 : (int) sizer.invokeExact((Object) optional.get()));
        } catch (ComponentException e) {
            throw e.within(name);
        } catch (Throwable e) {
            throw RecordCodec.unchecked(e);
        }
    }

    @Override
    public void write(String name, ByteBuffer target, @Nullable Object value) {
        Optional<?> optional = (Optional<?>) ComponentKind.present(name, value);
        ComponentKind.writeBoolean(name, target, optional.isPresent());
        if (optional.isEmpty()) {
            return;
        }
        try {
            writer.invokeExact(target, (Object) optional.get());
        } catch (ComponentException e) {
            throw e.within(name);
        } catch (Throwable e) {
            throw RecordCodec.unchecked(e);
        }
    }

    @Override
    public Object read(String name, ByteBuffer source) {
        if (!ComponentKind.readBoolean(name, source)) {
            return Optional.empty();
        }
        try {
            return Optional.of((Object) reader.invokeExact(source));
        } catch (ComponentException e) {
            throw e.within(name);
        } catch (Throwable e) {
            throw RecordCodec.unchecked(e);
        }
    }
}

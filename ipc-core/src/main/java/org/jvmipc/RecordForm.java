package org.jvmipc;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** A record inside a record: its components, with nothing around them. */
final class RecordForm implements ComponentForm {
    private final RecordCodec<?> codec;

    RecordForm(RecordCodec<?> codec) {
        this.codec = codec;
    }

    @Override
    public int fixedBytes() {
        return codec.fixedBytes();
    }

    @Override
    public boolean isSized() {
        return codec.isSized();
    }

    @Override
    public int extraBytes(String name, @Nullable Object value) {
        try {
            return codec.extraBytes(ComponentKind.present("", value));
        } catch (ComponentException e) {
            throw e.within(name);
        }
    }

    @Override
    public void write(String name, ByteBuffer target, @Nullable Object value) {
        try {
            codec.write(ComponentKind.present("", value), target);
        } catch (ComponentException e) {
            throw e.within(name);
        }
    }

    @Override
    public Object read(String name, ByteBuffer source) {
        try {
            return codec.read(source);
        } catch (ComponentException e) {
            throw e.within(name);
        } catch (RuntimeException e) { // its constructor refuses
            throw new ComponentException(name, ": " + e.getMessage(), e);
        }
    }
}

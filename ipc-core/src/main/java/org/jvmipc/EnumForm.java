package org.jvmipc;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** A constant of an enum: its ordinal as an int32, as in C. */
final class EnumForm implements ComponentForm {
    private final String type;
    private final Object[] constants;

    EnumForm(Class<?> type) {
        this.type = type.getSimpleName();
        this.constants = type.getEnumConstants();
    }

    @Override
    public int fixedBytes() {
        return Integer.BYTES;
    }

    @Override
    public boolean isSized() {
        return true;
    }

    @Override
    public int extraBytes(String name, @Nullable Object value) {
        return 0;
    }

    @Override
    @SuppressWarnings("EnumOrdinal") // as documented: both sides have the same enum
    public void write(String name, ByteBuffer target, @Nullable Object value) {
        target.putInt(((Enum<?>) ComponentKind.present(name, value)).ordinal());
    }

    @Override
    public Object read(String name, ByteBuffer source) {
        int ordinal = ComponentKind.readInt(name, source);
        if (ordinal < 0 || ordinal >= constants.length) {
            throw new ComponentException(
                    name, " is constant number " + ordinal + "; " + type + " has " + constants.length + ", from 0");
        }
        return constants[ordinal];
    }
}

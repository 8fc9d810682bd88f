package org.jvmipc;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** How components of a type that is composed of others lie in a message. See {@link ComponentKind}, which it becomes. */
interface ComponentForm {
    /** What every value takes, or its least where the size varies. */
    int fixedBytes();

    /** Whether {@link #extraBytes} tells the rest. */
    boolean isSized();

    /** The bytes of this value beyond {@link #fixedBytes}. */
    int extraBytes(String name, @Nullable Object value);

    void write(String name, ByteBuffer target, @Nullable Object value);

    Object read(String name, ByteBuffer source);
}

package org.jvmipc.internal.posix;

import com.sun.jna.Pointer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** {@code dlfcn.h}: which library an address lies in. */
final class Dlfcn {
    /** {@code Dl_info}: path of the library at 0, its base at 8, name of the symbol at 16, its address at 24. */
    static final int INFO_BYTES = 32;

    static final int INFO_LIBRARY = 0;
    static final int INFO_SYMBOL = 16;

    static {
        NativeLibraryLoader.bind(Dlfcn.class);
    }

    private Dlfcn() {}

    /** {@code dladdr(3)}: 0 if it lies in none. */
    static native int dladdr(long address, long info);

    /** A text of C of at most so many bytes, or null for no address. */
    static @Nullable String text(long address, int most) {
        if (address == 0) {
            return null;
        }
        Pointer bytes = new Pointer(address);
        int length = 0;
        while (length < most && bytes.getByte(length) != 0) {
            length++;
        }
        return new String(bytes.getByteArray(0, length), StandardCharsets.UTF_8);
    }
}

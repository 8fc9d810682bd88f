package org.jvmipc.internal.posix;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;

/**
 * Binds the native methods of a class to the C library, directly mapped: no proxy, no reflection in a call. JNA is loaded
 * by the first class that needs it, which costs about 100 ms, and not before.
 */
final class NativeLibraryLoader {
    private NativeLibraryLoader() {}

    static void bind(Class<?> functions) {
        if (!Platform.LINUX || !(Platform.X86_64 || Platform.AARCH64)) {
            throw new UnsatisfiedLinkError("jvm-ipc needs Linux on x86-64 or aarch64; this is " + Platform.describe());
        }
        try {
            Native.register(functions, NativeLibrary.getInstance("c"));
        } catch (UnsatisfiedLinkError e) {
            throw (Error) new UnsatisfiedLinkError("cannot load the native library: " + e.getMessage()
                            + " (JNA unpacks it to java.io.tmpdir, which must allow execution;"
                            + " -Djna.tmpdir=DIR names another folder)")
                    .initCause(e);
        }
    }
}

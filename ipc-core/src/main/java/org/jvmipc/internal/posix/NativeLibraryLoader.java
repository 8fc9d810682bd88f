package org.jvmipc.internal.posix;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import org.jspecify.annotations.Nullable;
import org.jvmipc.UnsupportedMechanismException;

/**
 * Binds the native methods of a class to the C library, directly mapped: no proxy, no reflection in a call. JNA is loaded
 * by the first class that needs it, which costs about 100 ms, and not before.
 *
 * <p>JNA asks {@code ldconfig} for the folders of libraries then, waits for its end, and drops an interrupt that comes
 * meanwhile or was there before. So a thread of its own does it ({@link ApartFromInterrupts}).
 */
final class NativeLibraryLoader {
    private static final @Nullable String PROBLEM = problem();

    private NativeLibraryLoader() {}

    private static @Nullable String problem() {
        if (!Platform.LINUX || !(Platform.X86_64 || Platform.AARCH64)) {
            return "native calls need Linux on x86-64 or aarch64; this is " + Platform.describe();
        }
        try {
            ApartFromInterrupts.run(new Loading());
            return null;
        } catch (LinkageError e) {
            return "the native library cannot be loaded: " + e.getMessage()
                    + " (JNA unpacks it to ~/.cache/JNA/temp, which must allow execution; -Djna.tmpdir=DIR names another folder)";
        }
    }

    /** Not a lambda: its thread must not need the outer class, which is being initialised. */
    private static final class Loading implements Runnable {
        @Override
        public void run() {
            NativeLibrary.getInstance("c");
        }
    }

    /** The door before the first native call: a typed error, every time, where there can be none. */
    static void require() throws UnsupportedMechanismException {
        if (PROBLEM != null) {
            throw new UnsupportedMechanismException(PROBLEM);
        }
    }

    static void bind(Class<?> functions) {
        if (PROBLEM != null) {
            throw new UnsatisfiedLinkError(PROBLEM);
        }
        Native.register(functions, NativeLibrary.getInstance("c"));
    }
}

package org.jvmipc.cli;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.jspecify.annotations.Nullable;
import org.jvmipc.Ipc;
import org.jvmipc.internal.posix.OsCalls;

/**
 * Loads what a verb that talks to the kernel will need, the native library above all, while its command line is being parsed:
 * each takes about a tenth of a second, and there is mostly more than one processor. What fails here fails again, and is told,
 * where it is needed.
 */
final class Preload {
    private static @Nullable Thread thread;

    private Preload() {}

    /** Begins, if this verb will need it; not for its help, and not where each call is to be shown from the first. */
    static void begin(Verb verb, String[] args) {
        if (verb.isNative() && isWork(args)) {
            Thread loader = new Thread(Preload::load, "ipc-preload");
            loader.setDaemon(true);
            loader.start();
            thread = loader;
        }
    }

    private static boolean isWork(String[] args) {
        for (String arg : args) {
            if (arg.equals("-h")
                    || arg.equals("--help")
                    || arg.equals("-V")
                    || arg.equals("--version")
                    || arg.matches("-[qvhV]*v[qvhV]*|--verbose")) {
                return false;
            }
        }
        return true;
    }

    private static void load() {
        try {
            OsCalls.prepare();
            Ipc.schemes();
            MessageDigest.getInstance("SHA-256"); // of the registry
        } catch (NoSuchAlgorithmException | RuntimeException | LinkageError e) {
            // told where it is needed
        }
    }

    /** Waits until it is done: two threads that load the same classes in different order could wait for each other. */
    static void await() throws InterruptedException {
        if (thread != null) {
            thread.join();
        }
    }
}

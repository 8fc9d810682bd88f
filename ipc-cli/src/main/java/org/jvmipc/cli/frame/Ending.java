package org.jvmipc.cli.frame;

import java.lang.reflect.Proxy;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * How the command ends when it is told to, by Ctrl-C (SIGINT), SIGTERM or SIGHUP. The first signal ends what is under way in
 * order: the wait is interrupted, what was received is printed, endpoints are closed, children ended; the exit code is 128 +
 * its number. If that has not come to an end after {@value #PATIENCE_SECONDS} s, or at a second signal, the process ends at once.
 *
 * <p>A signal that was ignored when the command was started, as under {@code nohup}, stays ignored.
 *
 * <p>The JVM's own handlers begin it, by running the shutdown hooks: nothing is set up before it is needed.
 */
public final class Ending {
    private static final int PATIENCE_SECONDS = 2;
    private static final int SIGNAL_EXIT = 128;
    private static final String[] SIGNALS = {"INT", "TERM", "HUP"};

    private static final CountDownLatch DONE = new CountDownLatch(1);
    private static volatile boolean begun;
    private static volatile @Nullable Thread orderly;

    private Ending() {}

    /** Takes care of it from now on. */
    public static void prepare() {
        Runtime.getRuntime().addShutdownHook(new Thread(Ending::onShutdown, "ipc-ending"));
    }

    /** The calling thread ends the command by itself when it is interrupted, and says so by {@link #done}. */
    public static void inOrder() {
        orderly = Thread.currentThread();
        if (begun) {
            Thread.currentThread().interrupt();
        }
    }

    /** All is done, and the process may end. */
    public static void done() {
        DONE.countDown();
    }

    /** Whether a signal is ending the command. */
    public static boolean hasBegun() {
        return begun;
    }

    private static void onShutdown() {
        if (DONE.getCount() == 0) {
            return;
        }
        begun = true;
        Thread thread = orderly;
        if (thread == null) {
            return;
        }
        thread.interrupt();
        haltAtNextSignal();
        try {
            DONE.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * By reflection, as the compiler warns of {@code sun.misc.Signal} and cannot be told not to. It is in the module
     * {@code jdk.unsupported}, for want of anything better.
     */
    private static void haltAtNextSignal() {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Object halt = Proxy.newProxyInstance(
                    Ending.class.getClassLoader(), new Class<?>[] {handler}, (self, method, args) -> {
                        if (method.getName().equals("handle")) {
                            int number = (int) signal.getMethod("getNumber").invoke(args[0]);
                            Runtime.getRuntime().halt(SIGNAL_EXIT + number);
                        }
                        return null;
                    });
            for (String name : SIGNALS) {
                Object each = signal.getConstructor(String.class).newInstance(name);
                signal.getMethod("handle", signal, handler).invoke(null, each, halt);
            }
        } catch (ReflectiveOperationException | RuntimeException e) {
            // a JVM without it, or told to leave signals alone (-Xrs): then the time has to do
        }
    }
}

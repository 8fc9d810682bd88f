package org.jvmipc.internal.posix;

import java.io.IOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/**
 * Virtual threads (Java 21) in native waits: a native call pins the carrier for as long as it waits, and a few waiters
 * would stop every virtual thread of the JVM. So the wait is handed to a platform thread and the virtual one parks.
 */
public final class VirtualThreads {
    /** {@code Thread.isVirtual()}, null before Java 21. */
    private static final @Nullable MethodHandle IS_VIRTUAL = isVirtualHandle();

    private VirtualThreads() {}

    private static @Nullable MethodHandle isVirtualHandle() {
        try {
            return MethodHandles.publicLookup()
                    .findVirtual(Thread.class, "isVirtual", MethodType.methodType(boolean.class));
        } catch (NoSuchMethodException | IllegalAccessException e) {
            return null;
        }
    }

    /** Whether the calling thread is a virtual one. */
    public static boolean isCurrent() {
        if (IS_VIRTUAL == null) {
            return false;
        }
        try {
            return (boolean) IS_VIRTUAL.invokeExact(Thread.currentThread());
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    /** A wait that answers whether what it waited for came. */
    interface Wait {
        boolean run() throws IOException, InterruptedException;
    }

    /**
     * Runs the wait on a platform thread.
     *
     * @param cancel makes the wait end soon with {@link InterruptedException}
     */
    static boolean onPlatformThread(Wait wait, Runnable cancel) throws IOException, InterruptedException {
        CountDownLatch done = new CountDownLatch(1);
        FutureTask<Boolean> task = new FutureTask<>(() -> {
            try {
                return wait.run();
            } finally {
                done.countDown();
            }
        });
        Waiters.POOL.execute(task);
        try {
            return task.get();
        } catch (InterruptedException e) {
            cancel.run();
            awaitUninterruptibly(done); // the endpoint's memory is in use until then
            throw e;
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            if (cause instanceof IOException io) {
                throw io;
            }
            if (cause instanceof InterruptedException interrupted) {
                throw interrupted;
            }
            throw new IllegalStateException(cause);
        }
    }

    private static void awaitUninterruptibly(CountDownLatch done) {
        boolean interrupted = false;
        while (true) {
            try {
                done.await();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Made when the first virtual thread waits. */
    private static final class Waiters {
        private static final ExecutorService POOL = Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task, "ipc-native-wait");
            thread.setDaemon(true);
            return thread;
        });
    }
}

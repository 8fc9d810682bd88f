package org.jvmipc.internal.posix;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.locks.LockSupport;

/**
 * Gets a thread out of a blocking system call: by the signal with which the JDK does the same for its own file channels.
 *
 * <p>A {@code poll(2)} before each {@code read(2)} makes a read interruptible, and costs a quarter of a round trip. So a
 * reader that waits without a time limit blocks in {@code read} itself, and is sent signal 62 when it shall leave. The JDK
 * installs a handler that does nothing for it, without {@code SA_RESTART}, so the call ends with {@code EINTR}. Whether it
 * is installed is looked up, never presumed; without it readers poll.
 *
 * <p>A signal that comes just before the call does not end it, so it is sent again until the thread has left.
 */
final class ThreadWaker {
    /** {@code INTERRUPT_SIGNAL} of the JDK's NativeThread.c: {@code __SIGRTMAX - 2}. */
    private static final int WAKE_SIGNAL = 62;

    private static final long AGAIN_NANOS = 200_000;

    /** Whether threads can be woken so. */
    static final boolean AVAILABLE = DirectCalls.AVAILABLE && handlerIsInstalled();

    private static final long PROCESS = ProcessHandle.current().pid();

    private static final ThreadLocal<Long> THREAD_ID = ThreadLocal.withInitial(ThreadWaker::threadId);

    private ThreadWaker() {}

    /** One blocking call of one thread. */
    interface Blocked {
        /** The kernel's number of the thread that is in the call of this number, 0 if it has left that one. */
        long threadIn(long callNumber);
    }

    private record Wake(Blocked blocked, long callNumber) {}

    /** The calling thread's number in the kernel. */
    static long currentThread() {
        return THREAD_ID.get();
    }

    private static long threadId() {
        Seam.before("gettid"); // which cannot fail
        long id = DirectCalls.call(DirectCalls.SYS_GETTID, 0, 0, 0);
        Seam.after("gettid", id);
        return id;
    }

    /** Makes the thread leave that call. Returns at once. */
    static void wake(Blocked blocked, long callNumber) {
        if (signal(blocked, callNumber)) {
            Repeater.QUEUE.add(new Wake(blocked, callNumber));
        }
    }

    private static boolean signal(Blocked blocked, long callNumber) {
        long thread = blocked.threadIn(callNumber);
        if (thread == 0) {
            return false;
        }
        if (Seam.before("tgkill") == 0) {
            long result = DirectCalls.call(DirectCalls.SYS_TGKILL, PROCESS, thread, WAKE_SIGNAL);
            Seam.after("tgkill", result);
        }
        return true;
    }

    /** Sends again until the threads have left; its thread starts with the first interrupt of a blocked reader. */
    private static final class Repeater {
        private static final LinkedBlockingQueue<Wake> QUEUE = new LinkedBlockingQueue<>();

        static {
            Thread thread = new Thread(Repeater::run, "ipc-waker");
            thread.setDaemon(true);
            thread.start();
        }

        private static void run() {
            while (true) {
                Wake wake;
                try {
                    wake = QUEUE.take();
                } catch (InterruptedException e) {
                    continue; // nobody has a reason to, and the thread has to stay
                }
                if (signal(wake.blocked, wake.callNumber)) {
                    LockSupport.parkNanos(AGAIN_NANOS);
                    QUEUE.add(wake); // behind the others, so that no thread holds them up
                }
            }
        }
    }

    private static boolean handlerIsInstalled() {
        // Reading a file channel makes the JDK install it.
        try (FileChannel any = FileChannel.open(Path.of("/dev/null"), StandardOpenOption.READ)) {
            any.read(ByteBuffer.allocate(1));
        } catch (IOException e) {
            return false;
        }
        return SignalCalls.hasInterruptingHandler(WAKE_SIGNAL);
    }
}

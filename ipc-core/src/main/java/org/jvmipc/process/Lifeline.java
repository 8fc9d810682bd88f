package org.jvmipc.process;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayList;
import java.util.List;

/**
 * Waits for the end of the parent, and then ends this JVM, unless it is detached: with its shutdown hooks, but within
 * half a second.
 */
final class Lifeline implements Runnable {
    /** As a shell says it of a process that the hang-up of its terminal (SIGHUP, 1) has ended. */
    static final int EXIT_CODE = 129;

    private static final long HOOKS_MILLIS = 500;
    private static final long LOOK_MILLIS = 50;

    private final ChildControl control;
    private final boolean detached;
    private final List<Runnable> actions = new ArrayList<>();
    private boolean gone;

    Lifeline(ChildControl control, boolean detached) {
        this.control = control;
        this.detached = detached;
    }

    void start() {
        Thread thread = new Thread(this, "ipc-lifeline");
        thread.setDaemon(true);
        thread.start();
        try {
            Runtime.getRuntime().addShutdownHook(new Thread(this::letGo, "ipc-lifeline-end"));
        } catch (IllegalStateException e) {
            // This JVM is ending already.
        }
    }

    /**
     * A JVM that ends waits 300 ms for threads in native calls. So at its shutdown the lifeline leaves its read; until the
     * other hooks are done too, it goes on by looking at the parent now and then.
     */
    private void letGo() {
        try {
            control.lifeline().close();
        } catch (IOException e) {
            // on Linux it is closed all the same
        }
    }

    private void awaitParentsEnd() throws InterruptedException {
        ByteBuffer nothing = ByteBuffer.allocate(64);
        try {
            int count;
            do {
                count = control.lifeline().read(nothing.clear()); // nothing is said after the hand-over
            } while (count >= 0);
        } catch (ClosedChannelException | OutOfMemoryError e) {
            while (control.isParentAlive()) {
                Thread.sleep(LOOK_MILLIS);
            }
        } catch (IOException e) {
            // No lifeline is as good as a torn one.
        }
    }

    synchronized boolean isParentGone() {
        return gone;
    }

    /** Runs the action when the parent is gone; at once, if it is. */
    void onGone(Runnable action) {
        synchronized (this) {
            if (!gone) {
                actions.add(action);
                return;
            }
        }
        action.run();
    }

    @Override
    public void run() {
        try {
            awaitParentsEnd();
        } catch (InterruptedException e) {
            return; // nobody has this thread but a JVM that ends
        }
        if (detached) {
            runActions();
        } else {
            endThisJvm();
        }
    }

    private void endThisJvm() {
        try {
            Thread exit = new Thread(this::exit, "ipc-exit");
            exit.setDaemon(true);
            exit.start();
            exit.join(HOOKS_MILLIS);
        } catch (InterruptedException | OutOfMemoryError e) {
            Thread.interrupted(); // then at once
        } finally {
            Runtime.getRuntime().halt(EXIT_CODE);
        }
    }

    private void exit() {
        try {
            runActions();
        } finally {
            System.exit(EXIT_CODE);
        }
    }

    private void runActions() {
        List<Runnable> todo;
        synchronized (this) {
            gone = true;
            todo = List.copyOf(actions);
        }
        for (Runnable action : todo) {
            try {
                action.run();
            } catch (Throwable e) {
                report(e);
            }
        }
    }

    /** As the JVM does: what the handler throws is passed over. */
    private static void report(Throwable thrown) {
        Thread thread = Thread.currentThread();
        try {
            thread.getUncaughtExceptionHandler().uncaughtException(thread, thrown);
        } catch (Throwable e) {
            // the other actions are to run, and this JVM to end
        }
    }
}

package org.jvmipc.shm.internal;

import org.jvmipc.internal.Deadline;
import org.jvmipc.internal.posix.FutexWait;

/** The sleep of {@link Pollee}s, which differ in the word and in what is to be passed on. */
final class PolleeSleep {
    private PolleeSleep() {}

    /**
     * Sleeps while the word is as it was signed.
     *
     * @param passOn what is done after a sleep, however it ended, before this process may leave the segment
     * @throws org.jvmipc.shm.DamagedSegmentException if the memory is lost
     */
    static void await(Membership self, Blocked handle, int object, int word, int signed, Runnable passOn)
            throws InterruptedException {
        if (!self.begin()) {
            throw closed(self);
        }
        boolean slept = false;
        try (Wait wait = new Wait(self, handle, object)) {
            while (Words.getVolatile(self.memory().bytes(), word) == signed) {
                slept = true;
                if (wait.await(word, signed, Deadline.NEVER) == FutexWait.CANCELLED) {
                    throw closed(self);
                }
            }
        } catch (InternalError e) {
            throw self.memory().cutOff(e);
        } finally {
            try {
                if (slept) {
                    passOn(passOn);
                }
            } finally {
                self.end();
            }
        }
    }

    /** In memory that is lost there is nobody to pass it on to; that is told by what ended the sleep, or by the next call. */
    private static void passOn(Runnable passOn) {
        try {
            passOn.run();
            LateErrors.come();
        } catch (InternalError e) {
            LateErrors.poll();
        }
    }

    private static IllegalStateException closed(Membership self) {
        return new IllegalStateException(self.memory().name() + ": closed");
    }
}

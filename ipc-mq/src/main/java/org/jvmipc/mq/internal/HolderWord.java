package org.jvmipc.mq.internal;

import org.jvmipc.shm.SharedLong;

/**
 * Who held a mutex last, and how often it was held: so that those who wait see whether its holders get on. Bits 63 to 32 count the
 * holds, bits 31 to 0 are the holder's pid.
 *
 * <p><b>Thread safety.</b> Reads yes; written by who holds the mutex.
 */
final class HolderWord {
    private static final long PID = ProcessHandle.current().pid();

    private final SharedLong word;

    HolderWord(SharedLong word) {
        this.word = word;
    }

    /** Changes with every hold. */
    long holds() {
        return word.getAcquire();
    }

    int pid() {
        return (int) holds();
    }

    /** This process holds it now. */
    void set() {
        long count = (word.get() >>> Integer.SIZE) + 1;
        word.setRelease(count << Integer.SIZE | PID);
    }
}

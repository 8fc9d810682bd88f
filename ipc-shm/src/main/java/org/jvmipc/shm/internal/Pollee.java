package org.jvmipc.shm.internal;

/**
 * What can be slept on without taking it, by the thread that makes it pollable: it signs, somebody looks whether it is there already,
 * and it sleeps. It takes nothing, and a wake-up that was perhaps another's it passes on.
 *
 * <p><b>Thread safety.</b> Yes.
 */
public interface Pollee {
    /** Says that somebody waits, unless it is there already; the word's value by that. */
    int sign();

    /**
     * Sleeps until it may be there, or the word is another than was signed.
     *
     * @throws IllegalStateException if the handle is closed
     */
    void awaitSign(Blocked handle, int signed) throws InterruptedException;
}

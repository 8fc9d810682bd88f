package org.jvmipc.cli.demo.sem;

/**
 * What a {@link BoundedBuffer} says of itself when nobody uses it.
 *
 * @param places how many messages it has room for
 * @param in how many were put in
 * @param out how many were taken out
 * @param count how many are in it
 * @param empty the value of that semaphore
 * @param full the value of that semaphore
 * @param mutex the value of that semaphore
 */
record BufferState(int places, long in, long out, long count, int empty, int full, int mutex) {
    /** How many updates of its numbers were lost, at least, when so many were truly made. */
    long lostUpdates(long puts, long takes) {
        return Math.abs(puts - in) + Math.abs(takes - out) + Math.abs(puts - takes - count);
    }

    /** Whether it and its semaphores are as they were at first. */
    boolean isAsAtFirst() {
        return in == out && count == 0 && empty == places && full == 0 && mutex == 1;
    }
}

package org.jvmipc.shm.sync;

/** A {@link RangeLock} that is held. */
final class RangeHold implements Hold {
    private final RangeLock lock;
    private final String name;
    private final Thread thread;
    private boolean previousOwnerDied;

    RangeHold(RangeLock lock, String name, Thread thread) {
        this.lock = lock;
        this.name = name;
        this.thread = thread;
    }

    /** Before anybody else sees it. */
    void tell(boolean died) {
        previousOwnerDied = died;
    }

    String name() {
        return name;
    }

    Thread thread() {
        return thread;
    }

    boolean isOf(Thread other) {
        return thread == other;
    }

    /** Whether nobody can give it back any more. */
    boolean hasEnded() {
        return !thread.isAlive();
    }

    @Override
    public boolean previousOwnerDied() {
        return previousOwnerDied;
    }

    @Override
    public void close() {
        lock.unlock(this);
    }

    @Override
    public String toString() {
        return "Hold[" + name + "]";
    }
}

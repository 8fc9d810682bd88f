package org.jvmipc.sockets.internal.loop;

import io.netty.channel.Channel;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/** Where threads wait for a channel to take more. */
final class Room {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    /** A change of what they wait for, or the channel's end. */
    void changed() {
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits until the channel takes more, or the connection is being closed; false after so many nanoseconds.
     *
     * @param open whether it is not
     */
    boolean await(Channel channel, BooleanSupplier open, long nanos) throws InterruptedException {
        long end = System.nanoTime() + nanos;
        lock.lockInterruptibly();
        try {
            while (!channel.isWritable() && channel.isActive() && open.getAsBoolean()) {
                long left = nanos == Long.MAX_VALUE ? TimeUnit.SECONDS.toNanos(1) : end - System.nanoTime();
                if (left <= 0) {
                    return false;
                }
                changed.awaitNanos(left);
            }
            return true;
        } finally {
            lock.unlock();
        }
    }
}

package org.jvmipc.cli.demo.fifo;

import org.jspecify.annotations.Nullable;
import org.jvmipc.cli.demo.Peer;

/**
 * What came of a transfer in which a writer was killed.
 *
 * @param rest what became of the others
 * @param number the number of the writer that was killed
 * @param victim it, ended
 * @param killedAfterNanos from the first data of all writers to the kill
 * @param killNanos when that was, on the monotonic clock
 * @param died what the reader told then
 * @param wentOn what it told of the first message after that; null if there was no other writer
 */
record WriterDeath(
        FifoTransfer rest,
        int number,
        Peer victim,
        long killedAfterNanos,
        long killNanos,
        ReaderReport died,
        @Nullable ReaderReport wentOn) {
    long toldNanos() {
        return died.atNanos() - killNanos;
    }

    long wentOnNanos() {
        return wentOn == null ? 0 : wentOn.atNanos() - killNanos;
    }
}

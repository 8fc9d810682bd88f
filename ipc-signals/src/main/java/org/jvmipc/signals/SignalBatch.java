package org.jvmipc.signals;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.jvmipc.OsException;
import org.jvmipc.internal.Deadline;
import org.jvmipc.internal.posix.Fd;
import org.jvmipc.internal.posix.NativeBuffer;
import org.jvmipc.internal.posix.OsCalls;
import org.jvmipc.internal.posix.Poll;
import org.jvmipc.internal.posix.PolledFd;
import org.jvmipc.internal.posix.SiginfoLayout;
import org.jvmipc.internal.posix.SignalQueueCalls;

/**
 * Takes blocked signals out of the process's queue, up to {@value #RECORDS} in one {@code read(2)}.
 *
 * <p>Each number has a signalfd of its own, and they are read in turn: the kernel looks for the lowest number first,
 * and one descriptor for two numbers with much pending passes over all of the higher one again and again. One more,
 * for all of them, is what is waited on.
 *
 * <p><b>Thread safety.</b> One thread at a time, but for {@link #polled}.
 */
final class SignalBatch {
    static final int RECORDS = 64;

    private static final int BYTES = RECORDS * SiginfoLayout.RECORD_BYTES;

    private final PolledFd all;
    private final List<Fd> numbers;
    private final boolean any;
    private final NativeBuffer buffer = new NativeBuffer(BYTES);
    private int position;
    private int limit;
    private int turn;
    private long reads;

    private SignalBatch(PolledFd all, List<Fd> numbers, boolean any) {
        this.all = all;
        this.numbers = numbers;
        this.any = any;
    }

    /** One for these signals, which need not be blocked yet; there may be none. */
    static SignalBatch open(long signals) throws IOException {
        List<Fd> numbers = new ArrayList<>();
        try {
            if (Long.bitCount(signals) > 1) {
                for (PosixSignal signal : SignalMask.signals(signals)) {
                    numbers.add(SignalQueueCalls.signalfd(SignalMask.of(signal.number())));
                }
            }
            // Polled, never read in blocking mode: what gets a thread out of a blocking read is a real-time signal, and
            // that
            // is refused while the user's queue of signals is full.
            Fd waited = signals == 0 ? OsCalls.eventfd() : SignalQueueCalls.signalfd(signals);
            return new SignalBatch(polled(waited), numbers, signals != 0);
        } catch (Throwable e) {
            numbers.forEach(Fd::close);
            throw e;
        }
    }

    private static PolledFd polled(Fd fd) throws IOException {
        try {
            return new PolledFd(fd);
        } catch (Throwable e) {
            fd.close();
            throw e;
        }
    }

    /** What shows that one has come; its waits are the receiver's. */
    PolledFd polled() {
        return all;
    }

    boolean isEmpty() {
        return position == limit;
    }

    /** How often something was read. */
    long reads() {
        return reads;
    }

    /** The next of those that were read; null if there is none. */
    @Nullable
    SignalEvent next() {
        if (isEmpty()) {
            return null;
        }
        SignalEvent event = SignalRecords.read(buffer.bytes(), position);
        position += SiginfoLayout.RECORD_BYTES;
        return event;
    }

    /** Reads those that have come, when none is left; false if none has. */
    boolean fill() throws OsException {
        if (!any) {
            return false;
        }
        if (numbers.isEmpty()) {
            return took(all.read(buffer, 0, BYTES));
        }
        for (int i = 0; i < numbers.size(); i++) {
            Fd fd = numbers.get(turn);
            turn = (turn + 1) % numbers.size();
            if (took(OsCalls.read(fd.number(), buffer, BYTES))) {
                return true;
            }
        }
        return false;
    }

    /**
     * Waits for the next ones, when none is left.
     *
     * @return false if the deadline passed first; true may also mean a nudge
     */
    boolean await(Deadline deadline) throws IOException, InterruptedException {
        return all.isNudged() || all.await(Poll.POLLIN, deadline) >= 0;
    }

    private boolean took(int result) throws OsException {
        if (result == PolledFd.WOULD_BLOCK) {
            return false;
        }
        if (result < 0) {
            throw new OsException("read", -result, "signalfd");
        }
        if (result % SiginfoLayout.RECORD_BYTES != 0) {
            throw new IllegalStateException("a signalfd gave " + result + " bytes, which are no records");
        }
        position = 0;
        limit = result;
        reads++;
        return result > 0;
    }

    void close() throws IOException {
        numbers.forEach(Fd::close);
        all.close();
    }
}

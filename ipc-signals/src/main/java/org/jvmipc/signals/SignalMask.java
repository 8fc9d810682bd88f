package org.jvmipc.signals;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** Sets of signals as the kernel has them: bit n-1 for signal n. */
final class SignalMask {
    private SignalMask() {}

    static long of(int signal) {
        return 1L << (signal - 1);
    }

    static long of(Collection<PosixSignal> signals) {
        long mask = 0;
        for (PosixSignal signal : signals) {
            mask |= of(signal.number());
        }
        return mask;
    }

    static boolean has(long mask, PosixSignal signal) {
        return (mask & of(signal.number())) != 0;
    }

    static List<PosixSignal> signals(long mask) {
        List<PosixSignal> signals = new ArrayList<>();
        for (long rest = mask; rest != 0; rest &= rest - 1) {
            signals.add(new PosixSignal(Long.numberOfTrailingZeros(rest) + 1));
        }
        return signals;
    }
}

package org.jvmipc.shm.internal.ring;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.function.IntUnaryOperator;
import org.jvmipc.LimitException;
import org.jvmipc.internal.Backoff;
import org.jvmipc.internal.Deadline;
import org.jvmipc.shm.internal.OwnedWord;
import org.jvmipc.shm.internal.Words;

/** Takes places of a ring: owned words, which the repair of their holder's slot frees. */
final class Places {
    /** All may be taken for a moment only: by one who was just killed, and is not repaired yet. */
    private static final Duration PATIENCE = Duration.ofMillis(300);

    private Places() {}

    /**
     * Takes a free one.
     *
     * @param words where the word of each place lies
     * @return which
     * @throws LimitException if all are taken
     */
    static int take(RingMemory memory, int places, IntUnaryOperator words, String who) throws IOException {
        Deadline deadline = Deadline.after(PATIENCE);
        Backoff backoff = new Backoff();
        boolean interrupted = false;
        try {
            while (true) {
                int place = tryTake(memory, places, words);
                if (place >= 0) {
                    return place;
                }
                if (deadline.passed() || isAllMine(memory, places, words)) {
                    throw new LimitException(
                            memory.address() + ": no place for another " + who,
                            who + "s",
                            places,
                            "close one of them, or create a ring for more");
                }
                try {
                    backoff.sleep(deadline);
                } catch (InterruptedException e) {
                    interrupted = true; // kept for the next call that looks
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static int tryTake(RingMemory memory, int places, IntUnaryOperator words) throws ClosedChannelException {
        // This process must not leave the segment between taking the word and holding it.
        if (!memory.self().begin()) {
            throw new ClosedChannelException();
        }
        try {
            for (int i = 0; i < places; i++) {
                int word = words.applyAsInt(i);
                int holder = Words.getVolatile(memory.bytes(), word);
                if (holder != 0 && isStray(memory, holder)) {
                    Words.compareAndSet(memory.bytes(), word, holder, 0);
                }
                if (OwnedWord.tryTake(memory.bytes(), word, memory.self().ownerValue())) {
                    return i;
                }
            }
            return -1;
        } finally {
            memory.self().end();
        }
    }

    /** Whether this process has all of them, and so there is nobody to wait for. */
    private static boolean isAllMine(RingMemory memory, int places, IntUnaryOperator words) {
        for (int i = 0; i < places; i++) {
            if (Words.getVolatile(memory.bytes(), words.applyAsInt(i))
                    != memory.self().ownerValue()) {
                return false;
            }
        }
        return true;
    }

    /** Whether it is nobody's, whatever is written there. */
    private static boolean isStray(RingMemory memory, int holder) {
        if (OwnedWord.slot(holder) < 0) {
            return true;
        }
        memory.self().requireSlot(OwnedWord.slot(holder));
        return memory.self().isStray(holder);
    }

    /** Gives one back. */
    static void give(RingMemory memory, int word) {
        Words.compareAndSet(memory.bytes(), word, memory.self().ownerValue(), 0);
    }
}

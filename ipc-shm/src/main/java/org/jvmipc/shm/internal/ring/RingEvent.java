package org.jvmipc.shm.internal.ring;

import java.nio.ByteBuffer;
import org.jvmipc.shm.internal.EventCountState;
import org.jvmipc.shm.internal.Membership;
import org.jvmipc.shm.internal.Spin;
import org.jvmipc.shm.internal.Words;

/**
 * The word on which one side of a ring sleeps: a bit that somebody waits, and a count, as an event count's. Unlike that it is
 * counted up only when the bit is set: what is waited for shows elsewhere.
 *
 * <p><b>Thread safety.</b> Yes.
 */
final class RingEvent {
    static final int WAITERS = 0x8000_0000;

    private final Membership self;
    private final ByteBuffer bytes;
    private final int offset;

    RingEvent(Membership self, int offset) {
        this.self = self;
        this.bytes = self.memory().bytes();
        this.offset = offset;
    }

    int offset() {
        return offset;
    }

    /** Says that somebody waits; the word's value by that. To be followed by {@link Fences#heavy()} and a look. */
    int arm() {
        for (int rounds = 0; ; rounds = Spin.again(rounds)) {
            int value = Words.getVolatile(bytes, offset);
            if ((value & WAITERS) != 0 || Words.compareAndSet(bytes, offset, value, value | WAITERS)) {
                return value | WAITERS;
            }
        }
    }

    /** Whether the word is still as it was armed. */
    boolean isAt(int armed) {
        return Words.getVolatile(bytes, offset) == armed;
    }

    /** Whether somebody sleeps, or is about to; a {@link Fences#light()} before it. */
    boolean isAwaited() {
        return Words.get(bytes, offset) < 0;
    }

    /** What somebody may sleep for is there, and a {@link Fences#light()} behind it: wakes those who do. */
    void signal() {
        if (isAwaited()) {
            wake();
        }
    }

    /** While it lasts this process stays in the segment: if it dies before the wake-up the repair of its slot wakes all. */
    private void wake() {
        boolean stays = self.begin();
        try {
            EventCountState.advance(self.memory(), offset);
        } finally {
            if (stays) {
                self.end();
            }
        }
    }
}

package org.jvmipc.shm.internal;

import java.nio.ByteBuffer;

/**
 * The protocol of places that processes hold: each is an owned word, which the repair of its holder's slot frees.
 *
 * <p><b>Thread safety.</b> Yes.
 */
public final class OwnersState {
    private final Membership self;
    private final ByteBuffer bytes;
    private final int offset;
    private final int places;
    private final int mine;

    /** The one that lies there. */
    public OwnersState(SegmentHandle segment, Directory.Entry entry) {
        this.self = segment.membership();
        this.bytes = self.memory().bytes();
        this.offset = entry.offset();
        this.places = places(self.memory(), entry);
        this.mine = self.ownerValue();
    }

    /** So many free places, to be made. */
    public static SegmentObjects.Content content(int places) {
        if (places < 1 || places > OwnersLayout.MAX_PLACES) {
            throw new IllegalArgumentException("places is " + places + "; it is 1 to " + OwnersLayout.MAX_PLACES);
        }
        return new SegmentObjects.Content(
                OwnersLayout.WORDS + places * Integer.BYTES,
                (memory, offset) -> Words.set(memory, offset + OwnersLayout.COUNT, places));
    }

    private static int places(SegmentMemory memory, Directory.Entry entry) {
        int places = Words.get(memory.bytes(), entry.offset() + OwnersLayout.COUNT);
        if (places < 1 || places > (entry.size() - OwnersLayout.WORDS) / Integer.BYTES) {
            throw memory.damaged(entry.name() + " says that it has " + places + " places");
        }
        return places;
    }

    /** How many there are. */
    public int places() {
        return places;
    }

    private int word(int place) {
        return offset + OwnersLayout.WORDS + place * Integer.BYTES;
    }

    /** Takes a free place. */
    public boolean tryClaim(int place) {
        return change(place, false);
    }

    /** Takes a place from whoever holds it. */
    public boolean seize(int place) {
        return change(place, true);
    }

    private boolean change(int place, boolean whoever) {
        if (!self.begin()) {
            return false; // about to leave: what it took now nobody would give back
        }
        try {
            for (int rounds = 0; ; rounds = Spin.again(rounds)) {
                int value = Words.getVolatile(bytes, word(place));
                if (!whoever && isHeldBy(value)) {
                    return false;
                }
                if (Words.compareAndSet(bytes, word(place), value, mine)) {
                    return true;
                }
            }
        } finally {
            self.end();
        }
    }

    /** Gives a place back; false if this process does not hold it. */
    public boolean release(int place) {
        return Words.compareAndSet(bytes, word(place), mine, 0);
    }

    /** Whether this process holds it. */
    public boolean isMine(int place) {
        return Words.getVolatile(bytes, word(place)) == mine;
    }

    /** Whether any process holds it. */
    public boolean isHeld(int place) {
        return isHeldBy(Words.getVolatile(bytes, word(place)));
    }

    private boolean isHeldBy(int value) {
        if (OwnedWord.slot(value) < 0) {
            return false;
        }
        self.requireSlot(OwnedWord.slot(value));
        return !self.isStray(value);
    }

    // ---- for the repair

    /** Frees the places of a participant that is dead or leaves. */
    static void free(SegmentMemory memory, Directory.Entry entry, int slot) {
        for (int i = places(memory, entry) - 1; i >= 0; i--) {
            OwnedWord.free(memory.bytes(), entry.offset() + OwnersLayout.WORDS + i * Integer.BYTES, slot);
        }
    }
}

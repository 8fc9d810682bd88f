package org.jvmipc.cli.demo.readerswriters;

import java.util.Map;
import java.util.TreeMap;
import org.jvmipc.shm.MemoryArea;
import org.jvmipc.shm.SharedLong;
import org.jvmipc.shm.SharedLongArray;

/**
 * A record of many words in shared memory, as one of its members sees it. It guards nothing, that is for the lock; it is changed word by
 * word, so that who reads beside a writer sees it torn, and who is inside says so, so that it is seen who is there together.
 *
 * <p><b>Thread safety.</b> Of one thread, which has the lock: of readers, or of one writer.
 */
final class SharedRecord {
    /** The area, in the segment. */
    static final String AREA = "record";

    private static final long FACTOR = 0x9E3779B97F4A7C15L;

    private final MemoryArea area;
    private final int members;
    private final int number;
    private final int victim;
    private final SharedLongArray words;
    private final SharedLong version;
    private final SharedLong checksum;
    private final SharedLong writer;

    /**
     * The view of a member by its number.
     *
     * @param victim the member that may have died inside; 0: none
     */
    SharedRecord(MemoryArea area, int members, int number, int victim) {
        this.area = area;
        this.members = members;
        this.number = number;
        this.victim = victim;
        int start = RecordLayout.words(members);
        words = area.longs(start, (area.size() - start) / Long.BYTES);
        version = area.int64(RecordLayout.VERSION_OFFSET);
        checksum = area.int64(RecordLayout.CHECKSUM_OFFSET);
        writer = area.int64(RecordLayout.WRITER_OFFSET);
    }

    /** How large an area it takes. */
    static int bytes(int members, int payloadBytes) {
        return RecordLayout.words(members) + words(payloadBytes) * Long.BYTES;
    }

    private static int words(int payloadBytes) {
        return Math.max(1, (payloadBytes + Long.BYTES - 1) / Long.BYTES);
    }

    /** Makes it a sound one of version 0. */
    void clear() {
        write(0, words.length());
    }

    // ---- with the lock shared

    /** Says that it reads. */
    void enter() {
        inside(number).setVolatile(1);
        long reading = readers();
        area.int64(RecordLayout.MOST_OFFSET).updateAndGet(most -> Math.max(most, reading));
    }

    private long readers() {
        long sum = 0;
        for (int member = 1; member <= members; member++) {
            sum += inside(member).getVolatile();
        }
        return sum;
    }

    /**
     * Reads it, every word.
     *
     * @param deathIsKnown whether the last writer is known to have died, so that it may be half changed
     */
    void read(boolean deathIsKnown) {
        long inside = writer.getVolatile();
        if (deathIsKnown && inside == victim && victim != 0) {
            area.int64(RecordLayout.WARNED_OFFSET).getAndAdd(1);
            return;
        }
        if (inside != 0 || deathIsKnown) {
            area.int64(RecordLayout.INTRUDERS_OFFSET).getAndAdd(1);
        }
        if (!isSound() || writer.getVolatile() != inside) {
            area.int64(RecordLayout.TORN_OFFSET).getAndAdd(1);
        }
    }

    /** Says that it reads no longer. */
    void leave() {
        inside(number).setVolatile(0);
    }

    // ---- with the lock for itself alone

    /**
     * Goes in.
     *
     * @param deathIsKnown whether the last writer is known to have died with the lock
     */
    void enterAlone(boolean deathIsKnown) {
        long before = writer.getVolatile();
        if (before != 0 && deathIsKnown) {
            finish((int) before);
        } else if (before != 0) {
            area.int64(RecordLayout.INTRUDERS_OFFSET).getAndAdd(1);
        }
        writer.setVolatile(number);
        lookForReaders();
    }

    /** Changes it: all words are those of the next version then. */
    void change() {
        changeHalf();
        write(version.get(), words.length());
        add(RecordLayout.member(number) + RecordLayout.DONE_OFFSET);
    }

    /** Begins to change it, and leaves it as it would be if the process were killed in the middle. */
    void changeHalf() {
        add(RecordLayout.member(number) + RecordLayout.BEGUN_OFFSET);
        version.setRelease(version.get() + 1);
        write(version.get(), (words.length() + 1) / 2);
        checksum.setRelease(~checksum.get()); // of a record of one word too
    }

    /** Goes out. */
    void leaveAlone() {
        lookForReaders();
        if (writer.getVolatile() != number) {
            area.int64(RecordLayout.INTRUDERS_OFFSET).getAndAdd(1);
        }
        writer.setVolatile(0);
    }

    /** Nobody else is there but one who died while he read: nobody is told of that, and his place is free. */
    private void lookForReaders() {
        for (int member = 1; member <= members; member++) {
            if (inside(member).getVolatile() == 0) {
                continue;
            }
            if (member == victim) {
                inside(member).setVolatile(0);
                taken();
            } else {
                area.int64(RecordLayout.INTRUDERS_OFFSET).getAndAdd(1);
            }
        }
    }

    /** Finishes what a dead writer has begun. */
    private void finish(int dead) {
        write(version.get(), words.length());
        add(RecordLayout.member(dead) + RecordLayout.DONE_OFFSET);
        taken();
    }

    private void taken() {
        add(RecordLayout.TAKINGS_OFFSET);
        area.int64(RecordLayout.TAKER_OFFSET).set(number);
        area.int64(RecordLayout.TAKEN_AT_OFFSET).set(System.nanoTime());
    }

    // ---- the words

    private void write(long ofVersion, int count) {
        long sum = 0;
        for (int i = 0; i < count; i++) {
            words.set(i, word(ofVersion, i));
            sum += word(ofVersion, i);
        }
        checksum.setRelease(sum);
    }

    /** Whether all words are those of its version. */
    boolean isSound() {
        long ofVersion = version.get();
        long sum = 0;
        boolean sound = true;
        for (int i = 0; i < words.length(); i++) {
            sound &= words.get(i) == word(ofVersion, i);
            sum += words.get(i);
        }
        return sound && sum == checksum.get();
    }

    private static long word(long ofVersion, int i) {
        return ofVersion * FACTOR + i;
    }

    private SharedLong inside(int member) {
        return area.int64(RecordLayout.member(member) + RecordLayout.INSIDE_OFFSET);
    }

    private void add(int offset) {
        SharedLong word = area.int64(offset);
        word.set(word.get() + 1);
    }

    // ---- when all is over

    /** What is there then. */
    RecordState state() {
        Map<Integer, Long> done = new TreeMap<>();
        int unfinished = 0;
        for (int member = 1; member <= members; member++) {
            long begun = word(RecordLayout.member(member) + RecordLayout.BEGUN_OFFSET);
            done.put(member, word(RecordLayout.member(member) + RecordLayout.DONE_OFFSET));
            unfinished += done.get(member) == begun ? 0 : 1;
        }
        return new RecordState(
                version.getVolatile(),
                words.length(),
                isSound(),
                done,
                unfinished,
                word(RecordLayout.INTRUDERS_OFFSET),
                word(RecordLayout.TORN_OFFSET),
                word(RecordLayout.MOST_OFFSET),
                word(RecordLayout.TAKINGS_OFFSET),
                (int) word(RecordLayout.TAKER_OFFSET),
                word(RecordLayout.TAKEN_AT_OFFSET),
                word(RecordLayout.WARNED_OFFSET));
    }

    private long word(int offset) {
        return area.int64(offset).getVolatile();
    }
}

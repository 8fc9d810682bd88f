package org.jvmipc.shm.internal.ring;

import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import org.jvmipc.shm.RingKind;
import org.jvmipc.shm.internal.Directory;
import org.jvmipc.shm.internal.OwnedWord;
import org.jvmipc.shm.internal.RingLayout;
import org.jvmipc.shm.internal.RingShape;
import org.jvmipc.shm.internal.SegmentMemory;
import org.jvmipc.shm.internal.Words;

/** What a ring shows to those who look only: values that move while they are read. */
final class RingInspection {
    private final ByteBuffer bytes;
    private final int ring;
    private final RingShape shape;
    private final IntFunction<Object> processes;

    private RingInspection(
            SegmentMemory memory, Directory.Entry entry, RingShape shape, IntFunction<Object> processes) {
        this.bytes = memory.bytes();
        this.ring = entry.offset();
        this.shape = shape;
        this.processes = processes;
    }

    /** Adds its settings, its senders and receivers, and what it holds. */
    static void describe(
            SegmentMemory memory, Directory.Entry entry, IntFunction<Object> processes, Map<String, Object> facts) {
        new RingInspection(memory, entry, RingShape.read(memory, entry), processes).put(facts);
    }

    private void put(Map<String, Object> facts) {
        facts.put("kind", shape.kind().name().toLowerCase(Locale.ROOT).replace('_', '-'));
        facts.put("capacity", shape.capacity());
        facts.put("max message", shape.maxMessage());
        facts.put("full", shape.whenFull().name().toLowerCase(Locale.ROOT).replace('_', '-'));
        facts.put("max senders", shape.lanes());
        facts.put("max receivers", shape.receivers());
        facts.put("senders", owners(shape.lanes(), i -> shape.lane(i) + RingLayout.LANE_OWNER));
        facts.put("receivers", owners(shape.receivers(), i -> shape.receiver(i) + RingLayout.RECEIVER_OWNER));
        putLanes(facts);
        if (shape.kind() == RingKind.BROADCAST) {
            facts.put("places", places());
        }
        facts.put("senders joined", Integer.toUnsignedLong(word(RingLayout.SENDERS_JOINED)));
        facts.put("senders died", Integer.toUnsignedLong(word(RingLayout.SENDERS_DIED)));
        if (shape.kind() == RingKind.BROADCAST) {
            facts.put("unheard", number(RingLayout.UNHEARD));
            facts.put("receivers dropped", Integer.toUnsignedLong(word(RingLayout.RECEIVERS_DROPPED)));
        }
    }

    /** Those lanes that somebody has, or had. */
    private void putLanes(Map<String, Object> facts) {
        Map<String, Object> lanes = new LinkedHashMap<>();
        long depth = 0;
        for (int i = 0; i < shape.lanes(); i++) {
            long tail = number(shape.lane(i) + RingLayout.LANE_TAIL);
            long held = shape.kind() == RingKind.BROADCAST ? slowest(tail) : held(tail, i);
            depth += held;
            int owner = shape.lane(i) + RingLayout.LANE_OWNER;
            if (tail != 0 || isTaken(owner)) {
                lanes.put(Integer.toString(i), end("sender", owner, held, tail));
            }
        }
        facts.put("depth", depth);
        facts.put("lanes", lanes);
    }

    /** Where the receivers of a broadcast are. */
    private Map<String, Object> places() {
        Map<String, Object> places = new LinkedHashMap<>();
        long tail = number(shape.lane(0) + RingLayout.LANE_TAIL);
        for (int i = 0; i < shape.receivers(); i++) {
            int owner = shape.receiver(i) + RingLayout.RECEIVER_OWNER;
            if (isTaken(owner)) {
                long taken = number(shape.cursor(i) + RingLayout.CURSOR_TAKEN);
                places.put(Integer.toString(i), end("receiver", owner, held(tail, i), taken));
            }
        }
        return places;
    }

    private Map<String, Object> end(String role, int owner, long held, long position) {
        Map<String, Object> end = new LinkedHashMap<>();
        end.put(role, process(owner));
        end.put("depth", held);
        end.put("position", position >= 0 ? position : Long.toUnsignedString(position));
        return end;
    }

    private List<Object> owners(int count, IntUnaryOperator owner) {
        return IntStream.range(0, count)
                .map(owner)
                .filter(this::isTaken)
                .mapToObj(this::process)
                .toList();
    }

    private long slowest(long tail) {
        long most = 0;
        for (int i = 0; i < shape.receivers(); i++) {
            if (isTaken(shape.receiver(i) + RingLayout.RECEIVER_OWNER)) {
                most = Math.max(most, held(tail, i));
            }
        }
        return most;
    }

    private long held(long tail, int cursor) {
        long held = tail - number(shape.cursor(cursor) + RingLayout.CURSOR_TAKEN);
        return Math.max(0, Math.min(shape.capacity(), held));
    }

    private boolean isTaken(int owner) {
        return OwnedWord.slot(word(owner)) >= 0;
    }

    /** Who has it; as nobody if he has just gone. */
    private Object process(int owner) {
        int slot = OwnedWord.slot(word(owner));
        return slot < 0 ? "none" : processes.apply(slot);
    }

    private int word(int at) {
        return Words.getVolatile(bytes, ring + at);
    }

    private long number(int at) {
        return Words.getLongVolatile(bytes, ring + at);
    }
}

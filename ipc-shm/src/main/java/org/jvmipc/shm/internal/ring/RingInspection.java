package org.jvmipc.shm.internal.ring;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntFunction;
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
        List<String> lanes = new ArrayList<>();
        long depth = 0;
        for (int i = 0; i < shape.lanes(); i++) {
            long tail = number(shape.lane(i) + RingLayout.LANE_TAIL);
            long held = shape.kind() == RingKind.BROADCAST ? slowest(tail) : held(tail, i);
            depth += held;
            lanes.add(owner(shape.lane(i) + RingLayout.LANE_OWNER) + ": " + held + " bytes, position "
                    + Long.toUnsignedString(tail));
        }
        facts.put("depth", depth);
        facts.put("lanes", lanes);
        facts.put("receivers", receivers());
        facts.put("senders joined", Integer.toUnsignedLong(word(RingLayout.SENDERS_JOINED)));
        facts.put("senders died", Integer.toUnsignedLong(word(RingLayout.SENDERS_DIED)));
        if (shape.kind() == RingKind.BROADCAST) {
            facts.put("unheard", number(RingLayout.UNHEARD));
            facts.put("receivers dropped", Integer.toUnsignedLong(word(RingLayout.RECEIVERS_DROPPED)));
        }
    }

    private List<String> receivers() {
        List<String> receivers = new ArrayList<>();
        for (int i = 0; i < shape.receivers(); i++) {
            String line = owner(shape.receiver(i) + RingLayout.RECEIVER_OWNER);
            receivers.add(
                    shape.kind() == RingKind.BROADCAST
                            ? line + ": position "
                                    + Long.toUnsignedString(number(shape.cursor(i) + RingLayout.CURSOR_TAKEN))
                            : line);
        }
        return receivers;
    }

    private long slowest(long tail) {
        long most = 0;
        for (int i = 0; i < shape.receivers(); i++) {
            if (word(shape.receiver(i) + RingLayout.RECEIVER_OWNER) != 0) {
                most = Math.max(most, held(tail, i));
            }
        }
        return most;
    }

    private long held(long tail, int cursor) {
        long held = tail - number(shape.cursor(cursor) + RingLayout.CURSOR_TAKEN);
        return Math.max(0, Math.min(shape.capacity(), held));
    }

    private String owner(int at) {
        int slot = OwnedWord.slot(word(at));
        return slot < 0 ? "free" : String.valueOf(processes.apply(slot));
    }

    private int word(int at) {
        return Words.getVolatile(bytes, ring + at);
    }

    private long number(int at) {
        return Words.getLongVolatile(bytes, ring + at);
    }
}

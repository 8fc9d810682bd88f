package org.jvmipc.cli.demo.shared;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jvmipc.cli.demo.DemoOptions;
import org.jvmipc.shm.MemoryArea;
import org.jvmipc.shm.SharedLong;

/**
 * The bounded buffer of the textbook: places in shared memory for so many messages, all of one size, with a place to put the
 * next one in, a place to take the next one out, and a count of those in it. It guards nothing: that is for who uses it.
 *
 * <p>A message is there once {@code in} says so, which is stored last. What a process that is killed leaves half written is
 * never taken.
 *
 * <p><b>Thread safety.</b> None: of who holds the lock.
 */
public final class Slots {
    private static final int PLACES = 16;

    private final SharedLong in;
    private final SharedLong out;
    private final SharedLong count;
    private final ByteBuffer memory;
    private final ByteBuffer taken;
    private final int slotBytes;
    private final int places;

    /**
     * The buffer in an area, which is all of it.
     *
     * @param messageBytes how large each message is
     */
    public Slots(MemoryArea area, int messageBytes) {
        in = area.int64(SlotsLayout.IN_OFFSET);
        out = area.int64(SlotsLayout.OUT_OFFSET);
        count = area.int64(SlotsLayout.COUNT_OFFSET);
        memory = area.buffer();
        taken = ByteBuffer.allocate(messageBytes).order(ByteOrder.LITTLE_ENDIAN);
        slotBytes = (int) SlotsLayout.slotBytes(messageBytes);
        places = (area.size() - SlotsLayout.SLOTS_OFFSET) / slotBytes;
    }

    /** How large an area holds so many messages; fewer if they are too many for one area, and always one. */
    public static int bytes(long places, int messageBytes) {
        long slot = SlotsLayout.slotBytes(messageBytes);
        long most = (Integer.MAX_VALUE - SlotsLayout.SLOTS_OFFSET) / 2 / slot;
        return (int) (SlotsLayout.SLOTS_OFFSET + Math.max(1, Math.min(places, most)) * slot);
    }

    /** How many messages fit into so many bytes, at least one. */
    public static long places(long bytes, int messageBytes) {
        return Math.max(1, bytes / SlotsLayout.slotBytes(messageBytes));
    }

    /** How many places a demo with these options is to have: as its capacity says, or a few. */
    public static long places(DemoOptions options) {
        return options.capacityBytes() == 0 ? PLACES : places(options.capacityBytes(), options.messageBytes());
    }

    /** How many it has room for. */
    public int places() {
        return places;
    }

    /** Whether it has no room. */
    public boolean isFull() {
        return in.get() - out.get() == places;
    }

    /** Whether nothing is in it. */
    public boolean isEmpty() {
        return in.get() == out.get();
    }

    /** Puts a message in: all bytes between position and limit, which stay. */
    public void put(ByteBuffer message) {
        long next = in.get();
        memory.put(slot(next), message, message.position(), message.remaining());
        in.setRelease(next + 1); // after the message: who is killed before this has put nothing
        count.set(count.get() + 1);
    }

    /**
     * Begins to put a message in, and leaves it as it would be if the process were killed in the middle.
     *
     * @throws IllegalStateException if there is no room: it would go over one that nobody has taken yet
     */
    public void putHalf(ByteBuffer message) {
        if (isFull()) {
            throw new IllegalStateException("all " + places + " places are taken");
        }
        memory.put(slot(in.get()), message, message.position(), message.remaining() / 2);
    }

    /** Takes the next message out: a copy, which is valid until the next one. */
    public ByteBuffer take() {
        long next = out.get();
        taken.put(0, memory, slot(next), taken.capacity());
        out.setRelease(next + 1);
        count.set(count.get() - 1);
        return taken;
    }

    /**
     * Begins to take the next message out, and leaves it as it would be if the process were killed in the middle: it is still
     * there.
     *
     * @throws IllegalStateException if there is none
     */
    public void takeHalf() {
        if (isEmpty()) {
            throw new IllegalStateException("nothing is in it");
        }
        taken.put(0, memory, slot(out.get()), taken.capacity() / 2);
    }

    /** Puts in order what one who was killed may have left: the count, which is stored behind what it counts. */
    public void repair() {
        count.set(in.get() - out.get());
    }

    /** How many were put in, by its own count. */
    public long in() {
        return in.getVolatile();
    }

    /** How many were taken out, by its own count. */
    public long out() {
        return out.getVolatile();
    }

    /** How many are in it, by its own count. */
    public long count() {
        return count.getVolatile();
    }

    private int slot(long message) {
        return SlotsLayout.SLOTS_OFFSET + (int) Math.floorMod(message, (long) places) * slotBytes;
    }
}

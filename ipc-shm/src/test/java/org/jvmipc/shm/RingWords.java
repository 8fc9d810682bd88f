package org.jvmipc.shm;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jvmipc.shm.internal.RingLayout;
import org.jvmipc.shm.internal.RingShape;
import org.jvmipc.shm.internal.Words;

/** The words of a ring in its file, for programs that leave them as one does that is killed between two of its stores. */
final class RingWords {
    /** In an event count: that somebody waits. */
    private static final int WAITERS = 1 << 31;

    private static final int ENTRIES_AT = 52;
    private static final int ENTRY_OFFSET = 8;

    private final ByteBuffer file;
    private final RingShape shape;
    private final int ring;
    private final int lane;

    /** Of the ring at the path, which is the first object of its segment; of one of its lanes, or of the broadcast's. */
    RingWords(Path path, RingOptions options, int lane) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            file = channel.map(FileChannel.MapMode.READ_WRITE, 0, channel.size())
                    .order(ByteOrder.LITTLE_ENDIAN);
        }
        shape = new RingShape(
                options.kind(),
                options.capacityBytes(),
                options.kind() == RingKind.LANES ? options.lanes() : 1,
                options.kind() == RingKind.BROADCAST ? options.receivers() : 1,
                options.maxMessageBytes(),
                options.whenFull());
        ring = (int) file.getLong(file.getInt(ENTRIES_AT) + ENTRY_OFFSET);
        this.lane = lane;
    }

    // ---- the lane

    private int tailAt() {
        return ring + shape.lane(lane) + RingLayout.LANE_TAIL;
    }

    long tail() {
        return Words.getLongVolatile(file, tailAt());
    }

    void setTail(long position) {
        Words.setLongVolatile(file, tailAt(), position);
    }

    private int at(long position) {
        return ring + shape.data(lane) + ((int) position & (shape.capacity() - 1));
    }

    long header(long position) {
        return Words.getLongVolatile(file, at(position));
    }

    void setHeader(long position, long header) {
        Words.setLongVolatile(file, at(position), header);
    }

    /** Writes the bytes of a message behind its header's place, which may not be cut in two. */
    void put(long position, byte[] message) {
        file.put(at(position) + RingLayout.HEADER_BYTES, message);
    }

    int capacity() {
        return shape.capacity();
    }

    // ---- receivers

    private int cursorAt(int cursor) {
        return ring + shape.cursor(cursor);
    }

    long head(int cursor) {
        return Words.getLongVolatile(file, cursorAt(cursor) + RingLayout.CURSOR_HEAD);
    }

    void setHead(int cursor, long position) {
        Words.setLongVolatile(file, cursorAt(cursor) + RingLayout.CURSOR_HEAD, position);
    }

    long taken(int cursor) {
        return Words.getLongVolatile(file, cursorAt(cursor) + RingLayout.CURSOR_TAKEN);
    }

    void setTaken(int cursor, long position) {
        Words.setLongVolatile(file, cursorAt(cursor) + RingLayout.CURSOR_TAKEN, position);
    }

    void setState(int receiver, int state) {
        Words.setVolatile(file, ring + shape.receiver(receiver) + RingLayout.RECEIVER_STATE, state);
    }

    // ---- waiting

    private int arrivalsAt() {
        return ring + RingLayout.ARRIVALS;
    }

    private int roomAt() {
        return ring + shape.lane(lane) + RingLayout.LANE_ROOM;
    }

    private boolean isAwaited(int at) {
        return (Words.getVolatile(file, at) & WAITERS) != 0;
    }

    boolean isReceiverAsleep() {
        return isAwaited(arrivalsAt());
    }

    boolean isSenderAsleep() {
        return isAwaited(roomAt());
    }

    /** Says that there is a message; the sleeper is not woken. */
    void countArrival() {
        count(arrivalsAt());
    }

    /** Says that there is room; the sleeper is not woken. */
    void countRoom() {
        count(roomAt());
    }

    private void count(int at) {
        Words.setVolatile(file, at, (Words.getVolatile(file, at) + 1) & ~WAITERS);
    }
}

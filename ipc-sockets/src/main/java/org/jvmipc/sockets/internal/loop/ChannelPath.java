package org.jvmipc.sockets.internal.loop;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;
import org.jvmipc.internal.posix.DataPath;
import org.jvmipc.internal.posix.Errno;
import org.jvmipc.internal.posix.NativeBuffer;

/**
 * Between a channel of Netty and the formats of streams: what the event loop has read is read from here, what is written here goes out
 * with the next {@link #flush()}. Nothing ever waits.
 *
 * <p>A message is taken whole or not at all: its first write looks whether there is room, the further ones do not.
 */
@SuppressWarnings("FutureReturnValueIgnored") // what fails is told by exceptionCaught
final class ChannelPath implements DataPath {
    /** More than this waits to go out: nothing is added, and nothing received. */
    static final int FULL_BYTES = 256 * 1024;

    /** From here on there is room again. */
    static final int ROOM_BYTES = 64 * 1024;

    /** What may be added to all the same by who cannot wait. */
    static final long FORCED_BYTES = 16 << 20;

    /** What the present thread may add though there is no room. */
    private static final ThreadLocal<Admission> ADMISSION = new ThreadLocal<>();

    private static final int READ_BYTES = 8 * 1024;
    private static final int PENDING_BYTES = 1024;

    private enum Admission {
        /** What {@link #takesMore()}, as it cannot wait. */
        FORCED,
        /** All, as it has waited for room already. */
        AFTER_WAIT
    }

    private final Channel channel;
    private final ArrayDeque<ByteBuf> arrived = new ArrayDeque<>();
    private int end = -Errno.EAGAIN;
    private @Nullable ByteBuf pending;
    private boolean begun;
    private boolean goodbye;
    private boolean closed;

    ChannelPath(Channel channel) {
        this.channel = channel;
    }

    // ---- what has come; by the event loop alone

    /** Takes over bytes that were read. */
    void arrived(ByteBuf bytes) {
        arrived.add(bytes);
    }

    boolean isEmpty() {
        return arrived.isEmpty();
    }

    /** The stream has ended, unless it was lost before. */
    void ended() {
        if (end == -Errno.EAGAIN) {
            end = 0;
        }
    }

    /** The connection was lost. */
    void lost() {
        end = -Errno.ECONNRESET;
    }

    @Override
    public int read(int fd, NativeBuffer target, int offset, int count) {
        ByteBuf first = arrived.peek();
        if (first == null) {
            return end;
        }
        int length = Math.min(count, first.readableBytes());
        ByteBuffer view = target.view();
        view.limit(offset + length).position(offset);
        first.readBytes(view);
        if (!first.isReadable()) {
            arrived.remove().release();
        }
        return length;
    }

    @Override
    public int readBlocking(int fd, NativeBuffer target, int offset, int count) {
        return read(fd, target, offset, count);
    }

    @Override
    public boolean blocksItself() {
        return false;
    }

    @Override
    public int readBytes() {
        return READ_BYTES;
    }

    /** Lets go of what nobody will read. */
    void dropArrived() {
        while (!arrived.isEmpty()) {
            arrived.remove().release();
        }
    }

    // ---- what goes out

    /** The messages that this thread, which must not wait, sends from now on are taken although there is no room. */
    static void force() {
        ADMISSION.set(Admission.FORCED);
    }

    /** The same for one that has waited until there was room, and writes a little more than that perhaps. */
    static void admit() {
        ADMISSION.set(Admission.AFTER_WAIT);
    }

    /** And no more. */
    static void admitNoMore() {
        ADMISSION.remove();
    }

    /** The goodbye is taken, whatever waits. */
    synchronized void sayingGoodbye() {
        goodbye = true;
    }

    /** Whether what is forced would be taken. */
    boolean takesMore() {
        return channel.bytesBeforeWritable() < FORCED_BYTES;
    }

    private boolean mayBegin() {
        return channel.isWritable() || goodbye || isAdmitted();
    }

    private boolean isAdmitted() {
        Admission admission = ADMISSION.get();
        return admission == Admission.AFTER_WAIT || (admission == Admission.FORCED && takesMore());
    }

    @Override
    public synchronized int write(int fd, NativeBuffer source, int offset, int count) {
        if (closed) {
            return -Errno.EPIPE;
        }
        if (!begun && !mayBegin()) {
            return -Errno.EAGAIN;
        }
        begun = true;
        ByteBuf bytes = pending;
        if (bytes == null) {
            bytes = channel.alloc().directBuffer(Math.max(PENDING_BYTES, count));
            pending = bytes;
        }
        ByteBuffer view = source.view();
        view.limit(offset + count).position(offset);
        bytes.writeBytes(view);
        return count;
    }

    @Override
    public synchronized void messageEnded() {
        begun = false;
    }

    /** Hands what was written to the event loop, which writes it to the socket. */
    synchronized void flush() {
        ByteBuf bytes = pending;
        if (bytes != null) {
            pending = null;
            channel.writeAndFlush(bytes, channel.voidPromise());
        }
    }

    /** Nothing goes out any more. */
    synchronized void close() {
        closed = true;
        ByteBuf bytes = pending;
        if (bytes != null) {
            pending = null;
            bytes.release();
        }
    }

    @Override
    public int capacity(int fd) {
        return FULL_BYTES;
    }

    @Override
    public synchronized int room(int fd) {
        return begun || mayBegin() ? Integer.MAX_VALUE : 0;
    }

    @Override
    public boolean hasDescriptor() {
        return false;
    }

    @Override
    public boolean isAtomic() {
        return true;
    }
}

package org.jvmipc.internal.posix;

import java.io.IOException;
import java.lang.ref.Reference;

/**
 * The messages of a POSIX message queue: {@code mq_timedsend(3)}, {@code mq_timedreceive(3)}. A read takes a whole message, for
 * which there must be room; 0 is an empty one, as there is no end.
 *
 * <p>The descriptor is in blocking mode, and a call that must not wait has a time that has long passed, so that a reader can wait in
 * the read itself, which is one call instead of three, on the same descriptor.
 *
 * <p><b>Thread safety.</b> One for each direction of each endpoint, as it has the priority of its one message.
 */
public final class MqPath implements DataPath {
    private static final String RECEIVE = "mq_timedreceive";
    private static final String SEND = "mq_timedsend";

    /** A {@code struct timespec}, 1970, and the priority, u32. */
    private static final int PRIORITY = 16;

    private static final int MEMORY_BYTES = 24;

    private final NativeBuffer memory = new NativeBuffer(MEMORY_BYTES);
    private final String name;
    private int priority;

    /**
     * One whose messages have priority 0 until another is given.
     *
     * @param name of the queue, for errors
     */
    public MqPath(String name) {
        this.name = name;
    }

    /** The priority of what was read last. */
    public int priorityRead() {
        return memory.bytes().getInt(PRIORITY);
    }

    /** Sets the priority of what is written from now on. */
    public void setPriority(int value) {
        priority = value;
    }

    @Override
    public int read(int fd, NativeBuffer target, int offset, int count) {
        int result;
        do {
            result = receive(fd, target.address() + offset, count, memory.address());
        } while (result == -Errno.EINTR);
        return result == -Errno.ETIMEDOUT ? PolledFd.WOULD_BLOCK : result;
    }

    @Override
    public int readBlocking(int fd, NativeBuffer target, int offset, int count) {
        return receive(fd, target.address() + offset, count, 0);
    }

    private int receive(int fd, long address, int count, long time) {
        int refused = Seam.before(RECEIVE);
        if (refused != 0) {
            return -refused;
        }
        try {
            long at = memory.address() + PRIORITY;
            int result = DirectCalls.AVAILABLE
                    ? (int) DirectCalls.callSix(MqCalls.SYS_MQ_TIMEDRECEIVE, fd, address, count, at, time, 0)
                    : Calls.result(Unistd.syscall(MqCalls.SYS_MQ_TIMEDRECEIVE, fd, address, count, at, time));
            Seam.after(RECEIVE, result);
            return result;
        } finally {
            Reference.reachabilityFence(memory);
        }
    }

    @Override
    public int write(int fd, NativeBuffer source, int offset, int count) {
        int result;
        do {
            result = send(fd, source.address() + offset, count);
        } while (result == -Errno.EINTR);
        return result == -Errno.ETIMEDOUT ? PolledFd.WOULD_BLOCK : result;
    }

    private int send(int fd, long address, int count) {
        int refused = Seam.before(SEND);
        if (refused != 0) {
            return -refused;
        }
        try {
            long time = memory.address();
            int result = DirectCalls.AVAILABLE
                    ? (int) DirectCalls.callSix(MqCalls.SYS_MQ_TIMEDSEND, fd, address, count, priority, time, 0)
                    : Calls.result(Unistd.syscall(MqCalls.SYS_MQ_TIMEDSEND, fd, address, count, priority, time));
            Seam.after(SEND, result);
            return result;
        } finally {
            Reference.reachabilityFence(memory);
        }
    }

    @Override
    public boolean blocksItself() {
        return true;
    }

    @Override
    public int capacity(int fd) throws IOException {
        MqCalls.Attributes attributes = MqCalls.attributes(fd, name);
        return bytes(attributes.depth(), attributes);
    }

    @Override
    public int room(int fd) throws IOException {
        MqCalls.Attributes attributes = MqCalls.attributes(fd, name);
        return bytes(attributes.depth() - attributes.messages(), attributes);
    }

    private static int bytes(int messages, MqCalls.Attributes attributes) {
        return (int) Math.min(Integer.MAX_VALUE, (long) messages * attributes.maxMessageBytes());
    }

    @Override
    public boolean isAtomic() {
        return true;
    }
}

package org.jvmipc.internal.posix;

import java.lang.ref.Reference;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A stream socket of the Unix domain that carries descriptors beside the bytes ({@code SCM_RIGHTS}, unix(7)).
 *
 * <p>They travel with the first byte of a message. A call that receives some ends within the piece in which they were sent, so
 * they belong to the message in which the bytes of that call end: what was received up to there is kept with each.
 *
 * <p><b>Hostile senders.</b> Descriptors come whether one wants them or not. At most {@link #MAX_DESCRIPTORS} are kept that no
 * message was taken for yet; more are closed at once, and the message they would belong to is told as refused.
 *
 * <p><b>Thread safety.</b> One thread at a time reads and takes, one writes; {@link #close} when neither is under way.
 */
public final class DescriptorPath extends SocketPath {
    /** The most descriptors of one message. */
    public static final int MAX_DESCRIPTORS = MessageLayout.MAX_DESCRIPTORS;

    private static final int[] NONE = {};

    private final NativeBuffer sending = new NativeBuffer(MessageLayout.BYTES);
    private final NativeBuffer receiving = new NativeBuffer(MessageLayout.BYTES);
    private final ArrayDeque<Arrival> arrivals = new ArrayDeque<>();
    private int[] prepared = NONE;
    private int[] next = NONE;
    private volatile boolean departed;
    private long total;
    private int kept;
    private boolean closed;

    /** Descriptors that came with the bytes up to there. */
    private record Arrival(long upTo, List<Fd> descriptors, boolean tooMany) {}

    /**
     * What came with a message.
     *
     * @param descriptors for the caller to close
     * @param tooMany whether there were more than are allowed; all of them are closed then
     */
    public record Taken(List<Fd> descriptors, boolean tooMany) {}

    /** With the first byte of the message that begins next go these; the numbers stay the caller's. */
    public void attach(int[] descriptors) {
        departed = false;
        prepared = descriptors;
    }

    @Override
    public void messageBegins() {
        next = prepared;
        prepared = NONE;
    }

    /** Whether those that were attached last have gone out. */
    public boolean haveDeparted() {
        return departed;
    }

    @Override
    public void messageEnded() {
        prepared = NONE; // of a message that did not go out
        next = NONE;
    }

    @Override
    public int write(int fd, NativeBuffer source, int offset, int count) {
        if (next.length == 0) {
            return super.write(fd, source, offset, count);
        }
        int result;
        do {
            result = send(fd, source.address() + offset, count);
        } while (result == -Errno.EINTR);
        if (result > 0) {
            next = NONE;
            departed = true;
        }
        return result;
    }

    private int send(int fd, long address, int count) {
        MessageLayout.send(sending, address, count, next);
        try {
            int flags = Sockets.MSG_DONTWAIT | Sockets.MSG_NOSIGNAL;
            return Calls.result("sendmsg", () -> Sockets.sendmsg(fd, sending.address(), flags));
        } finally {
            Reference.reachabilityFence(sending);
        }
    }

    @Override
    public int read(int fd, NativeBuffer target, int offset, int count) {
        int result;
        do {
            result = receive(fd, target.address() + offset, count, Sockets.MSG_DONTWAIT);
        } while (result == -Errno.EINTR);
        return result;
    }

    @Override
    public int readBlocking(int fd, NativeBuffer target, int offset, int count) {
        return receive(fd, target.address() + offset, count, 0);
    }

    private int receive(int fd, long address, int count, int flags) {
        MessageLayout.receive(receiving, address, count);
        try {
            int result = receiveMessage(fd, flags | Sockets.MSG_CMSG_CLOEXEC);
            if (result > 0) {
                total += result;
                keep(MessageLayout.received(receiving), MessageLayout.wereTooMany(receiving));
            }
            return result;
        } finally {
            Reference.reachabilityFence(receiving);
        }
    }

    private int receiveMessage(int fd, int flags) {
        int refused = Seam.before("recvmsg");
        if (refused != 0) {
            return -refused;
        }
        int result = DirectCalls.AVAILABLE
                ? (int) DirectCalls.call(DirectCalls.SYS_RECVMSG, fd, receiving.address(), flags)
                : Calls.result(Sockets.recvmsg(fd, receiving.address(), flags));
        Seam.after("recvmsg", result);
        return result;
    }

    private synchronized void keep(int[] numbers, boolean cutOff) {
        if (numbers.length == 0 && !cutOff) {
            return;
        }
        List<Fd> descriptors = new ArrayList<>();
        for (int number : numbers) {
            descriptors.add(new Fd(number));
        }
        boolean tooMany = cutOff || kept + numbers.length > MAX_DESCRIPTORS;
        if (tooMany || closed) {
            descriptors.forEach(Fd::close);
            descriptors.clear();
        }
        kept += descriptors.size();
        Arrival last = arrivals.peekLast();
        if (last != null && last.tooMany && tooMany) {
            arrivals.removeLast(); // one is enough to tell
        }
        arrivals.add(new Arrival(total, descriptors, tooMany));
    }

    /** Takes those that came with a message which ends there in the stream; null if there are none, as a rule. */
    public synchronized @Nullable Taken take(long end) {
        if (arrivals.isEmpty() || arrivals.element().upTo > end) {
            return null;
        }
        List<Fd> descriptors = new ArrayList<>();
        boolean tooMany = false;
        while (!arrivals.isEmpty() && arrivals.element().upTo <= end) {
            Arrival arrival = arrivals.remove();
            descriptors.addAll(arrival.descriptors);
            tooMany |= arrival.tooMany;
        }
        kept -= descriptors.size();
        if (tooMany) {
            descriptors.forEach(Fd::close);
            descriptors.clear();
        }
        return new Taken(descriptors, tooMany);
    }

    /** Closes those that nobody has taken, and those that come. */
    public synchronized void close() {
        closed = true;
        for (Arrival arrival : arrivals) {
            arrival.descriptors.forEach(Fd::close);
        }
        arrivals.clear();
        kept = 0;
    }
}

package org.jvmipc.internal.stream;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.jvmipc.process.ProcessIdentity;

/**
 * The senders that a receiver knows to be there, and their processes.
 *
 * <p><b>Thread safety.</b> Used under the receiver's lock, but for {@link #close()} and the callback of the watch.
 */
final class FragmentSources {
    /** Each costs memory, and its process a descriptor; and bytes from outside make them. */
    static final int MOST = 1024;

    private final FifoTraffic traffic;
    private final PartsMemory memory;
    private final Runnable nudge;
    private final ProcessIdentity self = ProcessIdentity.self();
    private final List<FragmentSource> all = new ArrayList<>();
    private @Nullable FragmentSource last;
    private boolean closed;

    /** Whether one has died whose death was not told yet. */
    private volatile boolean someDied;

    FragmentSources(FifoTraffic traffic, PartsMemory memory, Runnable nudge) {
        this.traffic = traffic;
        this.memory = memory;
        this.nudge = nudge;
    }

    /** Who sent the fragment whose header is there; null if that would be one too many. */
    @Nullable
    FragmentSource of(ByteBuffer bytes, int at) {
        FragmentSource known = find(bytes, at);
        if (known != null) {
            return known;
        }
        if (all.size() == MOST) {
            if (traffic != FifoTraffic.PACKETS) {
                return null;
            }
            remove(all.get(
                    0)); // perhaps its goodbye was another reader's; nothing depends on it but what the end is called
        }
        FragmentSource source = new FragmentSource(processOf(bytes, at), bytes, at, memory);
        add(source);
        last = source;
        return source;
    }

    private @Nullable FragmentSource find(ByteBuffer bytes, int at) {
        if (isLast(bytes, at)) {
            return last;
        }
        for (FragmentSource source : all) {
            if (source.sent(bytes, at)) {
                last = source;
                return source;
            }
        }
        return null;
    }

    /** Whether the fragment there is of the same sender as the one before, if that sender is still there. */
    boolean isLast(ByteBuffer bytes, int at) {
        return last != null && last.sent(bytes, at);
    }

    private SendingProcess processOf(ByteBuffer bytes, int at) {
        for (FragmentSource source : all) {
            if (source.process.sent(bytes, at)) {
                return source.process;
            }
        }
        return new SendingProcess(bytes, at, this::oneDied);
    }

    private synchronized void add(FragmentSource source) {
        all.add(source);
        source.process.senders++;
        // The goodbye of a sender of packets may be another reader's, so its death says nothing.
        if (source.process.senders == 1 && !closed && traffic != FifoTraffic.PACKETS) {
            source.process.watch(self);
        }
    }

    private void oneDied() {
        someDied = true;
        nudge.run();
    }

    boolean someDied() {
        return someDied;
    }

    boolean isEmpty() {
        return all.isEmpty();
    }

    /** Marks those who are dead by now; false if the ends of what they sent were noted all. */
    boolean markDeaths() {
        boolean some = false;
        for (FragmentSource source : all) {
            some |= source.process.markDeath();
        }
        return some;
    }

    /** All that those who were marked have sent is before this place, which was looked up after they were. */
    void noteDeaths(long endOfStream) {
        for (FragmentSource source : all) {
            source.process.noteDeath(endOfStream);
        }
    }

    /** Whether one has died, all of whose bytes are among the first so many of the stream. */
    boolean someOver(long position) {
        for (FragmentSource source : all) {
            if (source.process.isOver(position)) {
                return true;
            }
        }
        return false;
    }

    /**
     * A process whose senders were taken out.
     *
     * @param source one of them, in a message if any was
     * @param inMessage whether one was
     */
    record Gone(FragmentSource source, boolean inMessage) {}

    /** Takes out the senders of one process that has died, all of whose bytes were taken; null if there is none. */
    @Nullable
    Gone removeOver(long position) {
        someDied = false;
        FragmentSource over = null;
        for (FragmentSource source : all) {
            if (over == null && source.process.isOver(position)) {
                over = source;
            } else if (source.process.isDead()) {
                someDied = true; // not told by this
            }
        }
        return over == null ? null : removeAll(over.process);
    }

    /** Takes out the senders of one process; null if there are none any more. */
    @Nullable
    Gone removeAny() {
        return all.isEmpty() ? null : removeAll(all.get(0).process);
    }

    private synchronized Gone removeAll(SendingProcess process) {
        FragmentSource one = all.get(0);
        boolean inMessage = false;
        for (Iterator<FragmentSource> sources = all.iterator(); sources.hasNext(); ) {
            FragmentSource source = sources.next();
            if (source.process == process) {
                sources.remove();
                one = one.process != process || source.isInMessage() ? source : one;
                inMessage |= source.isInMessage();
                source.parts.drop();
            }
        }
        process.senders = 0;
        process.unwatch();
        last = null;
        return new Gone(one, inMessage);
    }

    boolean isAlive(FragmentSource source) {
        return source.process.isAlive(self);
    }

    synchronized void remove(FragmentSource source) {
        all.remove(source);
        source.parts.drop();
        if (--source.process.senders == 0) {
            source.process.unwatch();
        }
        last = last == source ? null : last;
    }

    /** Takes memory back from those who have not sent the next part of their message for longest. */
    void saveMemory(FragmentSource present) {
        while (memory.isOverdrawn()) {
            FragmentSource stalest = null;
            for (FragmentSource source : all) {
                boolean older = stalest == null || source.heardAt < stalest.heardAt;
                stalest = source != present && source.parts.holdsMemory() && older ? source : stalest;
            }
            if (stalest == null) {
                return;
            }
            stalest.parts.giveUp();
        }
    }

    /** Ends the watching. */
    synchronized void close() {
        closed = true;
        all.forEach(source -> source.process.unwatch());
    }
}

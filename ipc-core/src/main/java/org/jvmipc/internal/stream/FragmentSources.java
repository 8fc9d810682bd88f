package org.jvmipc.internal.stream;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.jvmipc.process.ProcessIdentity;

/**
 * The senders that a receiver knows to be there.
 *
 * <p><b>Thread safety.</b> Used under the receiver's lock, but for {@link #close()} and the callback of the watch.
 */
final class FragmentSources {
    /** Each costs a descriptor and memory, and bytes from outside make them. */
    static final int MOST = 1024;

    private final FifoTraffic traffic;
    private final int maxMessageBytes;
    private final Runnable nudge;
    private final ProcessIdentity self = ProcessIdentity.self();
    private final List<FragmentSource> all = new ArrayList<>();
    private @Nullable FragmentSource last;
    private boolean closed;

    /** Whether one has died whose death was not told yet. */
    private volatile boolean someDied;

    FragmentSources(FifoTraffic traffic, int maxMessageBytes, Runnable nudge) {
        this.traffic = traffic;
        this.maxMessageBytes = maxMessageBytes;
        this.nudge = nudge;
    }

    /** Who sent the fragment whose header is there; null if that would be one too many. */
    @Nullable
    FragmentSource of(ByteBuffer bytes, int at) {
        FragmentSource known = find(bytes, at);
        if (known != null || all.size() == MOST) {
            return known;
        }
        FragmentSource source = new FragmentSource(bytes, at, maxMessageBytes);
        synchronized (this) {
            all.add(source);
            // The goodbye of a sender of packets may be another reader's, so its death says nothing.
            if (!closed && traffic != FifoTraffic.PACKETS) {
                source.watch(self, this::oneDied);
            }
        }
        last = source;
        return source;
    }

    private @Nullable FragmentSource find(ByteBuffer bytes, int at) {
        if (last != null && last.sent(bytes, at)) {
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

    /** All that those who are dead by now have sent is before this place of the stream. */
    void noteDeaths(long endOfStream) {
        for (FragmentSource source : all) {
            source.noteDeath(endOfStream);
        }
    }

    /** Takes out one that has died, and all of whose bytes were taken. */
    @Nullable
    FragmentSource removeOver(long position) {
        someDied = false;
        FragmentSource over = null;
        for (FragmentSource source : all) {
            if (over == null && source.isOver(position)) {
                over = source;
            } else if (source.isDead()) {
                someDied = true;
            }
        }
        if (over != null) {
            remove(over);
        }
        return over;
    }

    /** One that has died and all of whose bytes were read, of whom the fragment that begins at the read-ahead's place is. */
    @Nullable
    FragmentSource died(long total, @Nullable ReadAhead header) {
        for (FragmentSource source : all) {
            if (source.isOver(total) && (header == null || source.sent(header.bytes(), header.at))) {
                return source;
            }
        }
        return null;
    }

    @Nullable
    FragmentSource removeAny() {
        if (all.isEmpty()) {
            return null;
        }
        FragmentSource source = all.get(0);
        remove(source);
        return source;
    }

    boolean isAlive(FragmentSource source) {
        return source.isAlive(self);
    }

    void remove(FragmentSource source) {
        synchronized (this) {
            all.remove(source);
        }
        last = last == source ? null : last;
        source.unwatch();
    }

    /** Ends the watching. */
    synchronized void close() {
        closed = true;
        all.forEach(FragmentSource::unwatch);
    }
}

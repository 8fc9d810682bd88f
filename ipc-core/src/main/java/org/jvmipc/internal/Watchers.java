package org.jvmipc.internal;

import java.nio.channels.ClosedChannelException;
import java.util.ArrayList;
import java.util.List;
import org.jvmipc.spi.Pollable.Watcher;

/**
 * The watchers of one endpoint, for those that implement {@link org.jvmipc.spi.Pollable}.
 *
 * <p><b>Thread safety.</b> Any thread may call any method. Watchers are called without a lock held here.
 */
public final class Watchers {
    private final List<Watcher> all = new ArrayList<>(1);
    private boolean closed;
    private volatile boolean some;

    /** See {@link org.jvmipc.spi.Pollable#watch}. */
    public synchronized void add(Watcher watcher) throws ClosedChannelException {
        if (closed) {
            throw new ClosedChannelException();
        }
        all.add(watcher);
        some = true;
    }

    /** See {@link org.jvmipc.spi.Pollable#unwatch}. */
    public synchronized void remove(Watcher watcher) {
        all.remove(watcher);
        some = !all.isEmpty();
    }

    /** Whether there is one; costs next to nothing. */
    public boolean isAny() {
        return some;
    }

    /** Tells all that something may have come. */
    public void wakeup() {
        present(false).forEach(Watcher::wakeup);
    }

    /** The same if there are several, of which one has just looked and the others may not see the sign of it any more. */
    public void wakeupSeveral() {
        List<Watcher> present = present(false);
        if (present.size() > 1) {
            present.forEach(Watcher::wakeup);
        }
    }

    /** Tells all that the endpoint closes; afterwards its descriptor may be closed, and none can be added. */
    public void closing() {
        present(true).forEach(Watcher::closing);
    }

    private synchronized List<Watcher> present(boolean last) {
        List<Watcher> present = List.copyOf(all);
        if (last) {
            closed = true;
            all.clear();
            some = false;
        }
        return present;
    }
}

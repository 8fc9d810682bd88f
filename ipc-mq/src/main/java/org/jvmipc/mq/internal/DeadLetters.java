package org.jvmipc.mq.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.jvmipc.Codecs;
import org.jvmipc.IpcException;
import org.jvmipc.OsException;
import org.jvmipc.internal.Deadline;
import org.jvmipc.internal.posix.Errno;
import org.jvmipc.mq.StalledProcessException;

/**
 * The dead-letter queue of a group, made and opened when the first message goes there.
 *
 * <p><b>Thread safety.</b> None: of the consumer whose turn it is.
 */
public final class DeadLetters implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final QueueLink of;
    private final String group;
    private @Nullable QueueLink link;
    private @Nullable LogAppender appender;

    /** Of a group of this queue. */
    public DeadLetters(QueueLink of, String group) {
        this.of = of;
        this.group = group;
    }

    /**
     * Puts a message there, with who sent it and when.
     *
     * @throws IOException if it cannot be; it stays where it is
     */
    public void put(Envelope envelope, ByteBuffer body) throws IOException {
        QueueLink open = open();
        RecordBuffer record =
                new RecordBuffer(open.address().toString(), open.options().maxMessageBytes());
        record.add(envelope, Codecs.buffers(), body);
        try {
            LogAppender target = appender;
            Boolean done =
                    target == null ? null : open.appending(Deadline.after(PATIENCE), () -> target.append(record, 0));
            if (done == null) {
                throw new StalledProcessException(open.address() + ": another process is appending", 0);
            }
            if (!done && target != null) {
                throw target.full();
            }
            open.arrivals().advance();
            if (target != null && open.options().sync()) {
                target.sync(); // before it counts as taken where it came from
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IpcException(open.address() + ": interrupted", e);
        }
    }

    private QueueLink open() throws IOException {
        QueueLink present = link;
        if (present != null && !present.state().isRemoved()) {
            return present;
        }
        close(); // it was removed: another one is made
        QueueDirectory directory = of.directory().dead(group);
        if (!directory.exists()) {
            create(directory);
        }
        QueueLink opened = QueueOpening.open(directory);
        link = opened;
        appender = opened.appender();
        return opened;
    }

    private void create(QueueDirectory directory) throws IOException {
        try {
            directory.createInside(of.options().withMaxAge(Duration.ZERO));
        } catch (OsException e) {
            if (e.errno() != Errno.EEXIST) {
                throw e;
            } // another consumer was faster
        }
    }

    @Override
    public void close() {
        if (appender != null) {
            appender.close();
            appender = null;
        }
        if (link != null) {
            link.close();
            link = null;
        }
    }
}

package org.jvmipc.cli.talk;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.jvmipc.Batch;
import org.jvmipc.Framing;
import org.jvmipc.Sender;
import org.jvmipc.cli.frame.Waits;

/**
 * Many messages in one call of the system; waits as long as it takes. In frames each goes alone: the messages of a batch are one
 * frame, which a receiver takes as a whole, even one that wants a single message and leaves the rest to the next.
 */
final class BatchOutlet implements Outlet {
    /** After so much it is flushed anyway: then it is known of more messages that they were handed over, when one fails. */
    private static final int FLUSHED_BYTES = 32 * 1024;

    private final Batch<ByteBuffer> batch;
    private final Waits waits;
    private final String room;
    private final boolean alone;
    private long added;
    private int addedBytes;
    private long handedOver;

    BatchOutlet(Sender<ByteBuffer> sender, Route route, Waits waits) {
        // Never closed but flushed: one that was cut off is not to be waited for.
        this.batch = sender.batch();
        this.waits = waits;
        this.room = "room in " + sender.address().withoutParameters();
        this.alone = route.wire() == Framing.FRAMED;
    }

    @Override
    public void put(ByteBuffer message) throws IOException, InterruptedException {
        waits.begin(room);
        int bytes = message.remaining();
        batch.add(message);
        added++;
        addedBytes += bytes;
        if (alone || addedBytes >= FLUSHED_BYTES) {
            flush();
        }
        waits.end();
    }

    @Override
    public void flush() throws IOException, InterruptedException {
        waits.begin(room);
        batch.flush();
        handedOver = added;
        addedBytes = 0;
        waits.end();
    }

    @Override
    public long handedOver() {
        return handedOver;
    }

    @Override
    public boolean maybeMore() {
        return added > handedOver;
    }
}

package org.jvmipc.cli.talk;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.jvmipc.cli.frame.Waits;
import org.jvmipc.mq.PosixMessageSender;

/** Puts each message into a kernel message queue with the priority that it had in the one it was taken from. */
final class PrioritizedOutlet implements Outlet {
    private final PosixMessageSender<ByteBuffer> sender;
    private final PrioritizedTaking from;
    private final Waits waits;
    private final String room;
    private long handedOver;

    PrioritizedOutlet(PosixMessageSender<ByteBuffer> sender, PrioritizedTaking from, Waits waits) {
        this.sender = sender;
        this.from = from;
        this.waits = waits;
        this.room = "room in " + sender.address().withoutParameters();
    }

    @Override
    public void put(ByteBuffer message) throws IOException, InterruptedException {
        waits.begin(room);
        sender.send(message, from.priority());
        handedOver++;
        waits.end();
    }

    @Override
    public void flush() {
        // Nothing is held back.
    }

    @Override
    public long handedOver() {
        return handedOver;
    }

    @Override
    public boolean maybeMore() {
        return false;
    }
}

package org.jvmipc.mq;

import java.io.IOException;
import java.util.Set;
import org.jvmipc.Capability;
import org.jvmipc.Codec;
import org.jvmipc.Sender;
import org.jvmipc.testkit.Ends;
import org.jvmipc.testkit.TransportContract;

/** Every promise of a transport, kept by an inbox that tells its end. */
class InboxContractTest extends TransportContract {
    @Override
    public <T> Ends<T> open(Codec<T> codec) throws IOException {
        return Inboxes.ends(codec, Inboxes.SMALL.withTellsEnd(true));
    }

    @Override
    public Set<Capability> capabilities() {
        return new InboxTransport().capabilities();
    }

    @Override
    public int largestMessageBytes() {
        return Inboxes.LARGEST;
    }

    @Override
    public boolean endsForGood() {
        return false;
    }

    @Override
    public <T> Sender<T> anotherSender(Ends<T> ends, Codec<T> codec) throws IOException {
        return Inbox.openSender(ends.sender().address(), codec);
    }
}

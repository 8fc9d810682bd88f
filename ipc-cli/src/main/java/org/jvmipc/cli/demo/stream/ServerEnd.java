package org.jvmipc.cli.demo.stream;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import org.jvmipc.Connection;
import org.jvmipc.PeerGoneException;
import org.jvmipc.cli.demo.Later;

/**
 * The server's end of one connection: answers message by message, then sends and receives at once. The last message goes out
 * when the client has ended its direction: a half-closed connection still carries the other one.
 */
final class ServerEnd {
    private final Connection<ByteBuffer> connection;
    private final Conversation talk;
    private final long messages;
    private final CountDownLatch ended = new CountDownLatch(1);

    /** An end, which is closed when all is over. */
    ServerEnd(Connection<ByteBuffer> connection, Conversation talk, long messages) {
        this.connection = connection;
        this.talk = talk;
        this.messages = messages;
    }

    Conversation talk() {
        return talk;
    }

    /** Serves until the client has ended, or is gone. */
    StreamReport serve() throws IOException, InterruptedException {
        try (connection) {
            for (long i = Conversation.roundTrips(messages); i > 0; i--) {
                if (!talk.receive() || !talk.send()) {
                    break;
                }
            }
            Future<Boolean> sending = Later.start("sending", this::sendAll);
            try {
                boolean more = true;
                while (more) {
                    more = talk.receive();
                }
            } finally {
                ended.countDown();
            }
            Later.result(sending);
            return StreamReport.of(StreamReport.END, talk, 0, talk.toldNanos());
        }
    }

    private boolean sendAll() throws IOException, InterruptedException {
        while (talk.source().count() < messages - 1 && !isToStop()) {
            if (!talk.send()) {
                return false;
            }
        }
        ended.await();
        if (talk.told().equals(PeerGoneException.Reason.CLOSED.name())) {
            talk.send();
            talk.endSending();
        }
        return true;
    }

    private boolean isToStop() {
        return messages == Conversation.WITHOUT_NUMBER && ended.getCount() == 0;
    }
}

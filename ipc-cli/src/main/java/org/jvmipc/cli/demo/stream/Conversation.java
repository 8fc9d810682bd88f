package org.jvmipc.cli.demo.stream;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.jvmipc.Connection;
import org.jvmipc.PeerGoneException;
import org.jvmipc.cli.demo.MessageSource;
import org.jvmipc.cli.demo.Pause;
import org.jvmipc.cli.demo.Verifier;

/** One end of a connection of the demos: what it sends, and what it has verified. A thread sends while another receives. */
final class Conversation {
    /** The numbers of the server's ends as senders begin behind it, those of clients with 1. */
    static final int SERVER = 1000;

    /** As a number of messages: until the client is told to stop. */
    static final long WITHOUT_NUMBER = Long.MAX_VALUE;

    /** So many messages go to and fro one at a time, before all flows both ways at once. */
    static final int ROUND_TRIPS = 100;

    private final Connection<ByteBuffer> connection;
    private final int number;
    private final MessageSource source;
    private final Verifier verifier;
    private int peer;
    private volatile boolean slow;
    private volatile boolean halfClosed;
    private volatile String told = "";
    private volatile long toldNanos;
    private long afterHalfClose;

    /** An end with its number as a sender, and the numbers of those that may be at the other one. */
    Conversation(
            Connection<ByteBuffer> connection,
            long runId,
            int number,
            int sender,
            int payloadBytes,
            boolean slow,
            int... peers) {
        this.connection = connection;
        this.number = number;
        this.source = new MessageSource(runId, sender, payloadBytes);
        this.verifier = new Verifier(runId, payloadBytes, peers);
        this.slow = slow;
    }

    /** How many round trips there are when each side sends so many messages, the last of which is kept for later. */
    static long roundTrips(long messages) {
        return Math.min(ROUND_TRIPS, messages - 1);
    }

    // ---- sending

    /** Sends the next message; false if the other side is gone. */
    boolean send() throws IOException, InterruptedException {
        try {
            connection.send(source.message());
            source.sent();
            return true;
        } catch (PeerGoneException e) {
            tell(e);
            return false;
        }
    }

    /** Ends this direction; the other one goes on. */
    void endSending() throws IOException {
        halfClosed = true;
        connection.endSending();
    }

    // ---- receiving

    /** Receives and verifies a message; false if there is none any more. */
    boolean receive() throws IOException, InterruptedException {
        try {
            int sender = verifier.accept(connection.receive());
            if (sender != Verifier.NOBODY) {
                peer = sender;
            }
        } catch (PeerGoneException e) {
            tell(e);
            return false;
        }
        if (halfClosed) {
            afterHalfClose++;
        }
        if (slow) {
            Pause.afterMessage();
        }
        return true;
    }

    /** No pauses any more. */
    void hurry() {
        slow = false;
    }

    /** Who notices first, sender or receiver, has it. */
    private synchronized void tell(PeerGoneException e) {
        if (told.isEmpty()) {
            told = e.reason().name();
            toldNanos = System.nanoTime();
        }
    }

    // ---- what came of it

    int number() {
        return number;
    }

    MessageSource source() {
        return source;
    }

    Verifier verifier() {
        return verifier;
    }

    /** The number of the other end as a sender; 0 if nothing has come. */
    int peer() {
        return peer;
    }

    /** Why there is no more, in the words of {@link PeerGoneException.Reason}; empty as long as there is. */
    String told() {
        return told;
    }

    /** When that was. */
    long toldNanos() {
        return toldNanos;
    }

    /** How many messages came after this side had ended its direction. */
    long afterHalfClose() {
        return afterHalfClose;
    }
}

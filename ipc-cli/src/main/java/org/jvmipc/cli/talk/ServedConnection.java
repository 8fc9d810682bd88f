package org.jvmipc.cli.talk;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.jvmipc.Connection;
import org.jvmipc.PeerGoneException;
import org.jvmipc.cli.frame.Talk;

/** One connection of {@code ipc listen}, in a thread of its own: what goes wrong with it is told, and spoils no other. */
final class ServedConnection implements Runnable {
    private final Connection<ByteBuffer> connection;
    private final boolean echo;
    private final @Nullable Replies replies;
    private final SharedPrinter printer;
    private final Talk talk;

    /**
     * A connection, which is closed at its end.
     *
     * @param echo whether each message is sent back
     * @param replies what replies; null: the messages are printed
     */
    ServedConnection(
            Connection<ByteBuffer> connection,
            boolean echo,
            @Nullable Replies replies,
            SharedPrinter printer,
            Talk talk) {
        this.connection = connection;
        this.echo = echo;
        this.replies = replies;
        this.printer = printer;
        this.talk = talk;
    }

    @Override
    public void run() {
        try (connection) {
            serve();
        } catch (PeerGoneException e) {
            if (e.reason() != PeerGoneException.Reason.CLOSED) {
                talk.warn(String.valueOf(e.getMessage()));
            }
        } catch (IOException | RuntimeException e) {
            if (!printer.isOver(e)) {
                talk.warn("listen " + connection.address() + ": " + e.getMessage());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void serve() throws IOException, InterruptedException {
        while (true) {
            ByteBuffer message = connection.receive();
            if (echo) {
                connection.send(copy(message));
            } else if (replies != null) {
                connection.send(replies.to(copy(message)));
            } else {
                printer.print(message);
            }
        }
    }

    /** What was received is valid until the next receive only. */
    private static ByteBuffer copy(ByteBuffer message) {
        return ByteBuffer.allocate(message.remaining()).put(message.duplicate()).flip();
    }
}

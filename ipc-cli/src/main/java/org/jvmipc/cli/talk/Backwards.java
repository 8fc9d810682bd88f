package org.jvmipc.cli.talk;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.jvmipc.Connection;
import org.jvmipc.PeerGoneException;
import org.jvmipc.Receiver;
import org.jvmipc.Sender;

/** The other direction of a bridge: a thread that sends on what comes back, until that ends. */
final class Backwards implements AutoCloseable {
    private final Thread thread;
    private volatile @Nullable IOException failure;

    Backwards(Connection<ByteBuffer> from, Connection<ByteBuffer> to) {
        thread = new Thread(() -> run(from, to), "ipc-bridge-back");
        thread.setDaemon(true);
        thread.start();
    }

    private void run(Receiver<ByteBuffer> from, Connection<ByteBuffer> to) {
        try {
            pump(from, to);
            to.endSending();
        } catch (IOException e) {
            failure = e;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void pump(Receiver<ByteBuffer> from, Sender<ByteBuffer> to)
            throws IOException, InterruptedException {
        while (true) {
            ByteBuffer message;
            try {
                message = from.receive();
            } catch (PeerGoneException e) {
                if (e.reason() == PeerGoneException.Reason.CLOSED) {
                    return;
                }
                throw e;
            }
            to.send(message);
        }
    }

    /** Waits until what comes back has ended, and tells how it failed. */
    void join() throws IOException, InterruptedException {
        thread.join();
        IOException thrown = failure;
        if (thrown != null) {
            throw thrown;
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}

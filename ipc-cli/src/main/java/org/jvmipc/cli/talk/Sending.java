package org.jvmipc.cli.talk;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.jvmipc.Connection;

/**
 * A request of many bytes on its way, by a thread of its own, and the end of its direction behind it: a server that replies
 * while it reads would otherwise wait for a reader, as this one for a writer.
 */
final class Sending implements AutoCloseable {
    private static final int CHUNK_BYTES = 1 << 16;

    private final Thread thread;
    private volatile @Nullable IOException failure;

    Sending(Connection<ByteBuffer> connection, ByteBuffer request) {
        thread = new Thread(() -> run(connection, request), "ipc-request");
        thread.setDaemon(true);
        thread.start();
    }

    private void run(Connection<ByteBuffer> connection, ByteBuffer request) {
        try {
            for (int from = request.position(); from < request.limit(); from += CHUNK_BYTES) {
                int length = Math.min(CHUNK_BYTES, request.limit() - from);
                connection.send(request.slice(from, length));
            }
            connection.endSending();
        } catch (IOException e) {
            failure = e;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits until all is sent; throws what kept it from that. */
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

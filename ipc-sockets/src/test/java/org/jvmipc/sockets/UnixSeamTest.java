package org.jvmipc.sockets;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.io.TempDir;
import org.jvmipc.Codecs;
import org.jvmipc.IpcException;
import org.jvmipc.testkit.Ends;
import org.jvmipc.testkit.SeamContract;

/** Each native call of a connection fails once, over a Unix domain socket; no name is left. */
class UnixSeamTest extends SeamContract {
    /** A caller is there at once, or was cut off. */
    private static final Duration MOMENT = Duration.ofSeconds(2);

    @TempDir
    Path directory;

    @Override
    public Ends<byte[]> open() throws IOException, InterruptedException {
        UnixListener<byte[]> listener = UnixSockets.listen(directory.resolve("s"), Codecs.bytes());
        UnixConnection<byte[]> client = null;
        UnixConnection<byte[]> server = null;
        try {
            client = UnixSockets.connect(listener.path(), Codecs.bytes());
            server = listener.tryAccept(MOMENT);
            if (server == null) {
                throw new IpcException("the caller was cut off for want of what it takes to serve him");
            }
            return new Ends<>(client, server, listener);
        } finally {
            if (server == null) {
                if (client != null) {
                    client.abort();
                }
                listener.close();
            }
        }
    }

    @Override
    public Path[] watched() {
        return new Path[] {directory};
    }
}

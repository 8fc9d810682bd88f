package org.jvmipc.sockets;

import java.io.IOException;
import java.time.Duration;
import org.jvmipc.Codecs;
import org.jvmipc.IpcException;
import org.jvmipc.testkit.Ends;
import org.jvmipc.testkit.SeamContract;

/** Each native call of a connection fails once, over TCP. */
class SocketSeamTest extends SeamContract {
    /** A caller is there at once, or was cut off. */
    private static final Duration MOMENT = Duration.ofSeconds(2);

    @Override
    public Ends<byte[]> open() throws IOException, InterruptedException {
        // Buffers of a size of one's own choice: those of the kernel's grow, and what was full a moment ago takes one
        // more.
        SocketOptions options = SocketOptions.defaults().withBuffers(Connected.BUFFER, Connected.BUFFER);
        TcpListener<byte[]> listener = Tcp.listen(
                Connected.anyPort(), Codecs.bytes(), ListenOptions.defaults().withSocket(options));
        SocketConnection<byte[]> client = null;
        SocketConnection<byte[]> server = null;
        try {
            client = Tcp.connect(listener.localAddress(), Codecs.bytes(), options);
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
}

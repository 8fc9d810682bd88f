package org.jvmipc.cli.demo.stream;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jvmipc.Address;
import org.jvmipc.Codecs;
import org.jvmipc.Ipc;
import org.jvmipc.cli.demo.DemoOptions;
import org.jvmipc.cli.demo.DemoRun;
import org.jvmipc.sockets.ListenOptions;
import org.jvmipc.sockets.SocketListener;
import org.jvmipc.sockets.SocketOptions;
import org.jvmipc.sockets.Tcp;
import org.jvmipc.sockets.UnixSockets;
import org.jvmipc.spi.ObjectInfo;

/** Where the servers of the demos listen, and what is left there. */
final class StreamPlaces {
    static final String TCP = "tcp";
    static final String UDS = "uds";

    private static final String PREFIX = "ipc-demo-";

    private StreamPlaces() {}

    /** A place of this run alone: a port that the kernel chooses, or a name that no other run has. */
    static Address of(String scheme, DemoRun run) throws IOException {
        if (scheme.equals(TCP)) {
            return Address.of(TCP, "//127.0.0.1:0");
        }
        for (ObjectInfo object : Ipc.scheme(UDS).survey().objects()) {
            if (object.state().isLeftOver() && object.address().location().startsWith(PREFIX)) {
                Ipc.remove(object.address()); // of a demo that was killed
            }
        }
        return Address.of(UDS, PREFIX + ProcessHandle.current().pid() + "-" + Long.toHexString(run.id()));
    }

    /** How a server of so large messages listens, with such buffers of the kernel. */
    static ListenOptions options(int payloadBytes, int bufferBytes) {
        int largest = Math.max(DemoOptions.messageBytes(payloadBytes), SocketOptions.DEFAULT_MAX_MESSAGE_BYTES);
        return ListenOptions.defaults()
                .withSocket(SocketOptions.defaults().withMaxMessage(largest).withBuffers(bufferBytes, bufferBytes));
    }

    /** Binds and listens. */
    static SocketListener<ByteBuffer> listen(Address place, ListenOptions options) throws IOException {
        if (place.scheme().equals(TCP)) {
            InetSocketAddress port = new InetSocketAddress(InetAddress.getByName(place.host()), place.port());
            return Tcp.listen(port, Codecs.buffers(), options);
        }
        return UnixSockets.listen(UnixSockets.pathOf(place.name()), Codecs.buffers(), options);
    }

    /** Another server in the place of one that was killed, whatever it has left; it ends at once. */
    static void takeOver(Address place) throws IOException {
        listen(place, ListenOptions.defaults()).close();
    }

    /** What is still there, in words. */
    static List<String> leftovers(Address place) throws IOException {
        Address name = place.withoutParameters();
        List<String> left = new ArrayList<>();
        if (Ipc.exists(name)) {
            left.add("the object " + name);
        }
        for (ObjectInfo object : Ipc.scheme(name).survey().objects()) {
            if (object.address().equals(name)) {
                left.add("the record of " + name);
            }
        }
        return left;
    }
}

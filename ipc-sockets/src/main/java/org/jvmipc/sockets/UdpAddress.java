package org.jvmipc.sockets;

import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jvmipc.Address;
import org.jvmipc.AddressException;

/** The parameters of a {@code udp:} address, and the options that they are. */
final class UdpAddress {
    static final String MAX_MESSAGE = "max";
    private static final String INSECURE = "insecure";
    private static final String SEND_BUFFER = "send-buffer";
    private static final String RECEIVE_BUFFER = "receive-buffer";
    private static final String BACKLOG = "backlog";
    private static final String SOURCES = "sources";
    private static final String IDLE = "idle";

    private UdpAddress() {}

    static Map<String, String> parameters() {
        Map<String, String> parameters = new LinkedHashMap<>();
        parameters.put(MAX_MESSAGE, "largest message, default 65507 bytes");
        parameters.put(INSECURE, "allow addresses that other machines reach; nothing is encrypted");
        parameters.put(SEND_BUFFER, "bytes of the kernel's buffer for sending, default the kernel's");
        parameters.put(RECEIVE_BUFFER, "the same for receiving; what comes while it is full is lost");
        parameters.put(BACKLOG, "of a listener: so many sources may wait to be accepted, default 128");
        parameters.put(SOURCES, "of a listener: the most sources at a time, default 1024");
        parameters.put(IDLE, "of a listener: a source that is silent for so long is gone, default 60s");
        return parameters;
    }

    /** Those that tell another process how to open it. */
    static Address with(Address address, DatagramOptions options) {
        Address result = address;
        if (options.maxMessageBytes() != DatagramOptions.DEFAULT_MAX_MESSAGE_BYTES) {
            result = result.with(MAX_MESSAGE, Integer.toString(options.maxMessageBytes()));
        }
        return options.insecure() ? result.with(INSECURE, "") : result;
    }

    static DatagramOptions options(Address address) {
        return new DatagramOptions(
                size(
                        address,
                        MAX_MESSAGE,
                        1,
                        DatagramOptions.LARGEST_MESSAGE_BYTES,
                        DatagramOptions.DEFAULT_MAX_MESSAGE_BYTES),
                size(address, SEND_BUFFER, 0, Integer.MAX_VALUE, 0),
                size(address, RECEIVE_BUFFER, 0, Integer.MAX_VALUE, 0),
                address.flag(INSECURE));
    }

    static DatagramListenOptions listenOptions(Address address) {
        DatagramListenOptions defaults = DatagramListenOptions.defaults().withDatagrams(options(address));
        return defaults.withBacklog(atLeastOne(address, BACKLOG, defaults.backlog()))
                .withMaxSources(atLeastOne(address, SOURCES, defaults.maxSources()))
                .withIdleTimeout(address.duration(IDLE, defaults.idleTimeout()));
    }

    private static int size(Address address, String key, int least, int most, int usual) {
        long bytes = address.size(key, usual);
        if (bytes < least || bytes > most) {
            throw new AddressException(
                    address.toString(), "parameter " + key + ": it must be " + least + " to " + most + " bytes", null);
        }
        return (int) bytes;
    }

    private static int atLeastOne(Address address, String key, int usual) {
        int value = address.integer(key, usual);
        if (value < 1) {
            throw new AddressException(address.toString(), "parameter " + key + ": it must be at least 1", null);
        }
        return value;
    }

    /**
     * Where it is.
     *
     * @throws UnknownHostException if nobody knows the host
     */
    static InetSocketAddress place(Address address) throws UnknownHostException {
        InetSocketAddress place = new InetSocketAddress(address.host(), address.port());
        if (place.isUnresolved()) {
            throw new UnknownHostException(address + ": no such host");
        }
        if (!place.getAddress().isLoopbackAddress() && !address.flag(INSECURE)) {
            throw new AddressException(
                    address.toString(),
                    "other machines reach this address, and nothing is encrypted; parameter insecure allows it",
                    null);
        }
        return place;
    }

    /** The same of a place that is sent to. */
    static InetSocketAddress peer(Address address) throws UnknownHostException {
        InetSocketAddress peer = place(address);
        if (peer.getPort() == 0) {
            throw new AddressException(address.toString(), "nobody has port 0; give the receiver's", null);
        }
        return peer;
    }
}

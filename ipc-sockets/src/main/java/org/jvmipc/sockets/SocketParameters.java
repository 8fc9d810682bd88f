package org.jvmipc.sockets;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jvmipc.Address;
import org.jvmipc.AddressException;
import org.jvmipc.Framing;
import org.jvmipc.internal.registry.ObjectParameters;

/** The parameters of {@code tcp:} and {@code uds:} addresses, and the options that they are. */
final class SocketParameters {
    static final String FRAMING = "framing";
    static final String MAX_MESSAGE = "max";
    static final String INSECURE = "insecure";
    private static final String SEND_BUFFER = "send-buffer";
    private static final String RECEIVE_BUFFER = "receive-buffer";
    private static final String IDLE = "idle";
    private static final String KEEP_ALIVE = "keepalive";
    private static final String BACKLOG = "backlog";
    private static final String CONNECTIONS = "connections";
    private static final String HANDSHAKE = "handshake";
    private static final String ANY_USER = "any-user";

    private SocketParameters() {}

    static Map<String, String> ofTcp() {
        Map<String, String> parameters = common();
        parameters.put(KEEP_ALIVE, "after so long a silence ask whether the peer is there, default 60s; 0s: never");
        parameters.put(INSECURE, "allow an address that other machines reach; nothing is encrypted");
        return parameters;
    }

    static Map<String, String> ofUnix() {
        Map<String, String> parameters = common();
        parameters.put(ObjectParameters.MODE, "permission bits, octal, default 0600; only to listen");
        parameters.put(ANY_USER, "accept other users than one's own, or talk to a server of one");
        return parameters;
    }

    private static Map<String, String> common() {
        Map<String, String> parameters = new LinkedHashMap<>();
        parameters.put(FRAMING, "framed (default), line, nul, len32 or raw");
        parameters.put(MAX_MESSAGE, "largest message, default 16m");
        parameters.put(SEND_BUFFER, "bytes that the kernel keeps for sending, default its own choice");
        parameters.put(RECEIVE_BUFFER, "bytes that the kernel keeps for receiving, default its own choice");
        parameters.put(IDLE, "longest time without a message, default 0s: any");
        parameters.put(BACKLOG, "so many callers may wait to be accepted, default 128; only to listen");
        parameters.put(CONNECTIONS, "so many connections at a time, default any number; only to listen");
        parameters.put(HANDSHAKE, "longest time to the first message, default 0s: any; only to listen");
        return parameters;
    }

    /** The options of a connection with those in their place that the address carries. */
    static SocketOptions connection(Address address) {
        SocketOptions options = SocketOptions.defaults()
                .withFraming(address.choice(FRAMING, Framing.class, Framing.FRAMED))
                .withMaxMessage(positive(
                        address, MAX_MESSAGE, address.size(MAX_MESSAGE, SocketOptions.DEFAULT_MAX_MESSAGE_BYTES)))
                .withBuffers(bufferSize(address, SEND_BUFFER), bufferSize(address, RECEIVE_BUFFER))
                .withIdleTimeout(address.duration(IDLE, Duration.ZERO))
                .withInsecure(address.flag(INSECURE) || address.flag(ANY_USER));
        Duration keepAlive = address.duration(KEEP_ALIVE, options.keepAlive());
        try {
            return options.withKeepAlive(keepAlive);
        } catch (IllegalArgumentException e) {
            throw new AddressException(address.toString(), "parameter " + KEEP_ALIVE + ": it is at most 32767s", null);
        }
    }

    static ListenOptions listener(Address address) {
        ListenOptions defaults = ListenOptions.defaults();
        ListenOptions options = defaults.withSocket(connection(address))
                .withBacklog(positive(address, BACKLOG, address.integer(BACKLOG, defaults.backlog())))
                .withMaxConnections(
                        positive(address, CONNECTIONS, address.integer(CONNECTIONS, defaults.maxConnections())))
                .withHandshakeTimeout(address.duration(HANDSHAKE, Duration.ZERO))
                .withMode(ObjectParameters.mode(address, defaults.mode()));
        return address.flag(ANY_USER) ? options.withPolicy(AcceptPolicy.everybody()) : options;
    }

    private static int bufferSize(Address address, String key) {
        return address.parameter(key) == null ? 0 : positive(address, key, address.size(key, 0));
    }

    private static int positive(Address address, String key, long value) {
        if (value < 1 || value > Integer.MAX_VALUE) {
            throw new AddressException(
                    address.toString(),
                    "parameter " + key + ": it is 1 to " + Integer.MAX_VALUE + ", not " + address.parameter(key),
                    null);
        }
        return (int) value;
    }

    /** The address with what the other end has to know. */
    static Address with(Address address, SocketOptions options) {
        SocketOptions defaults = SocketOptions.defaults();
        Address result = address;
        if (options.framing() != defaults.framing()) {
            result = result.with(FRAMING, options.framing().name().toLowerCase(Locale.ROOT));
        }
        if (options.maxMessageBytes() != defaults.maxMessageBytes()) {
            result = result.with(MAX_MESSAGE, Integer.toString(options.maxMessageBytes()));
        }
        if (options.sendBufferBytes() != defaults.sendBufferBytes()) {
            result = result.with(SEND_BUFFER, Integer.toString(options.sendBufferBytes()));
        }
        if (options.receiveBufferBytes() != defaults.receiveBufferBytes()) {
            result = result.with(RECEIVE_BUFFER, Integer.toString(options.receiveBufferBytes()));
        }
        if (options.insecure()) {
            result = result.with(INSECURE, "");
        }
        return result;
    }
}

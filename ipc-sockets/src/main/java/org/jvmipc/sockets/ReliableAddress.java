package org.jvmipc.sockets;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jvmipc.Address;
import org.jvmipc.AddressException;

/** The parameters of a {@code rudp:} address, and the options that they are. */
final class ReliableAddress {
    static final String SCHEME = "rudp";
    private static final String MAX_MESSAGE = "max";
    private static final String INSECURE = "insecure";
    private static final String SEND_BUFFER = "send-buffer";
    private static final String RECEIVE_BUFFER = "receive-buffer";
    private static final String PACKET = "packet";
    private static final String FLOOR = "floor";
    private static final String KEEP_ALIVE = "keepalive";
    private static final String TIMEOUT = "timeout";
    private static final String LINGER = "linger";
    private static final String BACKLOG = "backlog";
    private static final String SESSIONS = "sessions";

    private ReliableAddress() {}

    static Map<String, String> parameters() {
        Map<String, String> parameters = new LinkedHashMap<>();
        parameters.put(MAX_MESSAGE, "largest message, default 16m");
        parameters.put(SEND_BUFFER, "so much may wait to be acknowledged, default 4m");
        parameters.put(RECEIVE_BUFFER, "so much may wait to be received, default 4m");
        parameters.put(PACKET, "largest datagram, default 15872 bytes over loopback, else 1232");
        parameters.put(FLOOR, "floor of the retransmission timer, default 10ms");
        parameters.put(KEEP_ALIVE, "after so long a silence ask whether the peer is there, default 400ms");
        parameters.put(TIMEOUT, "after so long a silence it is given up, default 30s; 0s: never");
        parameters.put(LINGER, "how long a close waits for acknowledgements, default 500ms");
        parameters.put(INSECURE, "allow an address that other machines reach; nothing is encrypted");
        parameters.put(BACKLOG, "so many callers may wait to be accepted, default 128; only to listen");
        parameters.put(SESSIONS, "so many sessions at a time, default 1024; only to listen");
        return parameters;
    }

    static ReliableOptions options(Address address) {
        ReliableOptions defaults = ReliableOptions.defaults();
        try {
            return new ReliableOptions(
                    size(address, MAX_MESSAGE, defaults.maxMessageBytes()),
                    size(address, SEND_BUFFER, defaults.sendBufferBytes()),
                    size(address, RECEIVE_BUFFER, defaults.receiveBufferBytes()),
                    size(address, PACKET, defaults.packetBytes()),
                    duration(address, FLOOR, defaults.retransmissionFloor()),
                    duration(address, KEEP_ALIVE, defaults.keepAlive()),
                    duration(address, TIMEOUT, defaults.peerTimeout()),
                    duration(address, LINGER, defaults.linger()),
                    address.flag(INSECURE));
        } catch (IllegalArgumentException e) {
            if (e instanceof AddressException told) {
                throw told;
            }
            throw new AddressException(address.toString(), String.valueOf(e.getMessage()), null);
        }
    }

    static ReliableListenOptions listenOptions(Address address) {
        ReliableListenOptions defaults = ReliableListenOptions.defaults().withReliable(options(address));
        return defaults.withBacklog(atLeastOne(address, BACKLOG, defaults.backlog()))
                .withMaxSessions(atLeastOne(address, SESSIONS, defaults.maxSessions()));
    }

    private static Duration duration(Address address, String key, Duration usual) {
        return address.duration(key, usual);
    }

    private static int size(Address address, String key, int usual) {
        long bytes = address.size(key, usual);
        if (bytes < 0 || bytes > Integer.MAX_VALUE) {
            throw new AddressException(
                    address.toString(), "parameter " + key + ": it must be at most " + Integer.MAX_VALUE, null);
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

    /** The address that another process opens. */
    static Address of(InetSocketAddress place, ReliableOptions options) {
        ReliableOptions defaults = ReliableOptions.defaults();
        Address result = SocketNames.address(SCHEME, place);
        if (options.maxMessageBytes() != defaults.maxMessageBytes()) {
            result = result.with(MAX_MESSAGE, Integer.toString(options.maxMessageBytes()));
        }
        if (options.packetBytes() != defaults.packetBytes()) {
            result = result.with(PACKET, Integer.toString(options.packetBytes()));
        }
        return options.insecure() ? result.with(INSECURE, "") : result;
    }
}

package org.jvmipc.sockets;

import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import org.jvmipc.Address;
import org.jvmipc.AddressException;
import org.jvmipc.IpcException;

/** Addresses of the internet in the form that goes to another process. */
final class SocketNames {
    private SocketNames() {}

    static Address address(String scheme, InetSocketAddress address) {
        InetAddress host = address.getAddress();
        String text = host.getHostAddress();
        int scope = text.indexOf('%');
        String bare = scope < 0 ? text : text.substring(0, scope);
        String literal = host instanceof Inet6Address ? "[" + bare + "]" : bare;
        return Address.of(scheme, "//" + literal + ":" + address.getPort());
    }

    /** The host and port that an address names, looked up. */
    static InetSocketAddress resolve(Address address) throws IOException {
        if (!address.isHostAndPort()) {
            String scheme = address.scheme();
            throw new AddressException(
                    address.toString(), "an address of " + scheme + " is " + scheme + "://host:port", null);
        }
        try {
            return new InetSocketAddress(InetAddress.getByName(address.host()), address.port());
        } catch (UnknownHostException e) {
            throw new IpcException(address.withoutParameters() + ": no host of that name is known", e);
        }
    }
}

package org.jvmipc.sockets.internal;

import java.net.InetSocketAddress;
import org.jvmipc.internal.posix.SocketCalls;

/** Addresses that other machines reach are used only by who says that he means it: nothing is encrypted. */
public final class Loopback {
    private Loopback() {}

    /**
     * Refuses an address that is not of this machine alone.
     *
     * @param insecure whether any address will do
     * @throws IllegalArgumentException that names the address
     */
    public static void require(InetSocketAddress address, boolean insecure) {
        if (address.isUnresolved()) {
            throw new IllegalArgumentException("address is " + address.getHostString() + ":" + address.getPort()
                    + "; no host of that name is known");
        }
        if (!insecure && !address.getAddress().isLoopbackAddress()) {
            throw new IllegalArgumentException("address is " + SocketCalls.text(address)
                    + ", which other machines reach, and nothing is encrypted; say `insecure` to use it all the same");
        }
    }
}

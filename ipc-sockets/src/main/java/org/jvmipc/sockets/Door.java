package org.jvmipc.sockets;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.jvmipc.Address;
import org.jvmipc.Capability;
import org.jvmipc.internal.posix.Fd;
import org.jvmipc.sockets.internal.Party;

/** A listening socket of one kind, with its name. */
interface Door {
    /** Non-blocking, and listening. */
    Fd socket();

    /** With what the other end has to know. */
    Address address();

    /** What its connections can do. */
    Set<Capability> capabilities();

    /** Where it is bound, of TCP. */
    @Nullable
    InetSocketAddress localAddress();

    /** Who calls. */
    Caller caller(Fd accepted, int connections) throws IOException;

    /** Settles the socket of a caller who is accepted, which blocks then, and tells who is connected. */
    Party welcome(Fd accepted, Caller caller) throws IOException;

    /** The name goes, if there is one; the descriptor is closed afterwards. */
    void unbind() throws IOException;
}

package org.jvmipc.sockets;

import org.jvmipc.sockets.internal.reliable.Session;

/** One message or several that go into a session at once. */
@FunctionalInterface
interface ReliableOutput {
    void into(Session session);
}

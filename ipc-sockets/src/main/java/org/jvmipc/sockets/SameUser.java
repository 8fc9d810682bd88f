package org.jvmipc.sockets;

import org.jvmipc.UnsupportedMechanismException;
import org.jvmipc.internal.posix.ProcessCalls;

/** The policy of one user: who is known to be another one is refused. */
final class SameUser {
    static final AcceptPolicy POLICY = SameUser::accepts;

    private SameUser() {}

    private static boolean accepts(Caller caller) {
        PeerCredentials credentials = caller.credentials();
        return credentials == null || isSameUser(credentials);
    }

    static boolean isSameUser(PeerCredentials credentials) {
        return credentials.uid() == user();
    }

    private static int user() {
        try {
            return ProcessCalls.effectiveUser();
        } catch (UnsupportedMechanismException e) {
            throw new IllegalStateException("credentials came without the native library", e);
        }
    }
}

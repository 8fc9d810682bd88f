package org.jvmipc.mq.internal;

import java.io.IOException;
import org.jvmipc.internal.posix.ProcessCalls;

/** Lets the tests of the package above look into another directory than that of the machine. */
public final class MountedNames {
    private MountedNames() {}

    /** Whether queues show in the directory, and which of this user. */
    public static String of(String directory) throws IOException {
        boolean mounted = PosixQueueDirectory.isMounted(directory);
        return mounted + " "
                + (mounted
                        ? PosixQueueDirectory.ofUser(directory, ProcessCalls.effectiveUser()).stream()
                                .sorted()
                                .toList()
                        : "[]");
    }
}

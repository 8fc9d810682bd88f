package org.jvmipc.shm.internal;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.jvmipc.internal.posix.Fd;
import org.jvmipc.internal.registry.ObjectFile;

/** What a mechanism does in the file of an object, under the object's lock, before its name is removed. */
public interface RemovalGuard {
    /** Nothing: the name is removed whoever has the object open. */
    RemovalGuard NONE = file -> null;

    /**
     * Opens the file and locks it against whoever would begin to use it from now on.
     *
     * @return the descriptor whose lock that is, closed when the name is gone; null if the object is in use
     */
    @Nullable
    Fd claim(ObjectFile file) throws IOException;
}

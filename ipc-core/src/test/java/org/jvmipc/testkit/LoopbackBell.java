package org.jvmipc.testkit;

import java.io.IOException;
import org.jvmipc.internal.posix.Fd;
import org.jvmipc.internal.posix.NativeBuffer;
import org.jvmipc.internal.posix.OsCalls;

/** Makes what has no descriptor pollable: an eventfd that is readable once rung. Rung and silenced under the channel's lock. */
final class LoopbackBell implements Runnable {
    private final Fd eventfd = OsCalls.eventfd();
    private final NativeBuffer one = new NativeBuffer(Long.BYTES);

    LoopbackBell() throws IOException {
        one.bytes().putLong(0, 1);
    }

    int fd() {
        return eventfd.number();
    }

    @Override
    public void run() {
        OsCalls.write(eventfd.number(), one, Long.BYTES);
    }

    void silence() {
        OsCalls.read(eventfd.number(), new NativeBuffer(Long.BYTES), Long.BYTES);
    }

    void close() {
        eventfd.close();
    }
}

package org.jvmipc.internal.posix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The machine code: values, errors and all three arguments arrive. */
@Timeout(30)
class DirectCallsTest {
    private static final long SYS_GETPID = 39;

    @BeforeEach
    void needsThem() {
        assumeTrue(DirectCalls.AVAILABLE, "no direct calls here (architecture, or -Dorg.jvmipc.direct=false)");
    }

    @Test
    void valueIsAnswered() {
        assertEquals(ProcessHandle.current().pid(), DirectCalls.call(SYS_GETPID, 0, 0, 0));
    }

    @Test
    void errorIsAnsweredNegative() {
        assertEquals(-Errno.EBADF, DirectCalls.call(DirectCalls.SYS_READ, -1, 0, 0));
    }

    @Test
    void allArgumentsArriveInTheirPlaces() throws Exception {
        Fd[] pipe = OsCalls.pipe(Fcntl.O_NONBLOCK);
        try (Fd reading = pipe[0];
                Fd writing = pipe[1]) {
            NativeBuffer bytes = new NativeBuffer(16);
            bytes.bytes().putLong(0, 0x0123_4567_89ab_cdefL);
            assertEquals(8, DirectCalls.call(DirectCalls.SYS_WRITE, writing.number(), bytes.address(), 8));
            assertEquals(5, DirectCalls.call(DirectCalls.SYS_READ, reading.number(), bytes.address() + 8, 5));
            assertEquals(0x67_89ab_cdefL, bytes.bytes().getLong(8));
            assertEquals(3, DirectCalls.call(DirectCalls.SYS_READ, reading.number(), bytes.address() + 8, 100));
            assertEquals(-Errno.EAGAIN, DirectCalls.call(DirectCalls.SYS_READ, reading.number(), bytes.address(), 1));
        }
    }

    @Test
    void sameAnswersAsThroughJna() throws Exception {
        Fd[] pipe = OsCalls.pipe(Fcntl.O_NONBLOCK);
        Fd reading = pipe[0];
        try (Fd writing = pipe[1]) {
            NativeBuffer bytes = new NativeBuffer(16);
            assertEquals(4, Unistd.write(writing.number(), bytes.address(), 4));
            assertEquals(4, OsCalls.read(reading.number(), bytes.address(), 16));
            assertEquals(-Errno.EAGAIN, OsCalls.read(reading.number(), bytes.address(), 16));
            assertEquals(-1, Unistd.read(reading.number(), bytes.address(), 16));
            reading.close();
            assertEquals(-Errno.EPIPE, OsCalls.write(writing.number(), bytes.address(), 1), "and no signal");
        }
    }
}

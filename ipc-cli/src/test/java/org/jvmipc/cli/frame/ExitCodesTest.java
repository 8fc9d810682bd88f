package org.jvmipc.cli.frame;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.jvmipc.Address;
import org.jvmipc.AddressException;
import org.jvmipc.CorruptDataException;
import org.jvmipc.IpcException;
import org.jvmipc.LimitException;
import org.jvmipc.OsException;
import org.jvmipc.PeerGoneException;
import org.jvmipc.PeerGoneException.Reason;
import org.jvmipc.UnsupportedMechanismException;

@Timeout(20)
class ExitCodesTest {
    @Test
    void followFromTheException() {
        assertEquals(1, ExitCodes.of(new IpcException("x")));
        assertEquals(1, ExitCodes.of(new IOException("x")));
        assertEquals(2, ExitCodes.of(CommandException.usage("x")));
        assertEquals(2, ExitCodes.of(new AddressException("fifi:x", "unknown scheme", "fifo:")));
        assertEquals(3, ExitCodes.of(new CorruptDataException("x")));
        assertEquals(4, ExitCodes.of(new NoSuchFileException("/x")));
        assertEquals(5, ExitCodes.of(new PeerGoneException(Reason.DIED, Address.of("pipe:x"), "gone")));
        assertEquals(6, ExitCodes.of(new AccessDeniedException("/x")));
        assertEquals(7, ExitCodes.of(new LimitException("x", "limit", 1, "raise it")));
        assertEquals(7, ExitCodes.of(new OutOfMemoryError("Java heap space")));
        assertEquals(7, ExitCodes.of(new IOException("/proc/self/fd/24 (Too many open files)")));
        assertEquals(9, ExitCodes.of(new UnsatisfiedLinkError("cannot load the native library")));
        assertEquals(9, ExitCodes.of(new UnsupportedMechanismException("x")));
        assertEquals(124, ExitCodes.of(new TimeoutException("x")));
        assertEquals(125, ExitCodes.of(new IllegalStateException("x")));
        assertEquals(125, ExitCodes.of(new NoClassDefFoundError("x")));
        Throwable shortage = new IOException("x.jar (Too many open files)");
        assertEquals(7, ExitCodes.of(new NoClassDefFoundError("x").initCause(shortage)));
        assertEquals(7, ExitCodes.of(new ExceptionInInitializerError(shortage)));
    }

    @Test
    void aLowLimitOfOpenFilesIsSeen() {
        assertTrue(OpenFiles.isLow("Max open files            12                   1024                 files"));
        assertFalse(OpenFiles.isLow("Max open files            64                   1024                 files"));
        assertFalse(OpenFiles.isLow("Max open files            unlimited            unlimited            files"));
        assertFalse(OpenFiles.isLow(""));
    }

    @ParameterizedTest
    @CsvSource({
        "1, 6",
        "13, 6",
        "30, 6", // EPERM EACCES EROFS
        "2, 4",
        "20, 4",
        "3, 4",
        "6, 4",
        "111, 4", // ENOENT ENOTDIR ESRCH ENXIO ECONNREFUSED
        "32, 5",
        "104, 5", // EPIPE ECONNRESET
        "28, 7",
        "24, 7",
        "23, 7",
        "12, 7",
        "122, 7", // ENOSPC EMFILE ENFILE ENOMEM EDQUOT
        "11, 8",
        "16, 8", // EAGAIN EBUSY
        "38, 9",
        "95, 9", // ENOSYS EOPNOTSUPP
        "110, 124", // ETIMEDOUT
        "22, 1",
        "5, 1" // EINVAL EIO
    })
    void followFromTheErrno(int errno, int exit) {
        assertEquals(exit, ExitCodes.of(new OsException("call", errno, "path=/x")));
    }

    @Test
    void theWorstOfSeveralIsReported() {
        int[] worstFirst = {125, 3, 1, 7, 6, 5, 4, 124, 0};
        for (int i = 0; i < worstFirst.length; i++) {
            for (int j = i; j < worstFirst.length; j++) {
                assertEquals(worstFirst[i], ExitCodes.worst(worstFirst[i], worstFirst[j]));
                assertEquals(worstFirst[i], ExitCodes.worst(worstFirst[j], worstFirst[i]));
            }
        }
        assertEquals(9, ExitCodes.worst(0, 9));
        assertEquals(124, ExitCodes.worst(9, 124));
    }
}

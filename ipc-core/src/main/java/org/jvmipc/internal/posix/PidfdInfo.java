package org.jvmipc.internal.posix;

import java.io.IOException;
import java.lang.ref.Reference;

/** {@code linux/pidfd.h}: what the kernel tells of a process through its pidfd. */
public final class PidfdInfo {
    /** {@code _IOWR(0xFF, 11, struct pidfd_info)} with the structure's first published size, 64 bytes. */
    private static final long PIDFD_GET_INFO = 0xC040FF0BL;
    /** The exit status, from kernel 6.15 on; asked for in the mask, and told there whether it was given. */
    private static final long PIDFD_INFO_EXIT = 1 << 3;

    private static final int BYTES = 64;
    private static final int MASK = 0;
    private static final int EXIT_CODE = 60;

    private PidfdInfo() {}

    /**
     * The status of a process that ended and was waited for, in the form of {@code wait(2)}.
     *
     * @return -1 when the kernel does not tell: it is older than 6.15, or the process has not been waited for yet
     */
    public static int waitStatus(Fd pidfd) throws IOException {
        NativeBuffer info = new NativeBuffer(BYTES);
        try {
            info.bytes().putLong(MASK, PIDFD_INFO_EXIT);
            int result = OsCalls.control("ioctl(PIDFD_GET_INFO)", pidfd.ensureOpen(), PIDFD_GET_INFO, info);
            boolean told = result >= 0 && (info.bytes().getLong(MASK) & PIDFD_INFO_EXIT) != 0;
            return told ? info.bytes().getInt(EXIT_CODE) : -1;
        } finally {
            Reference.reachabilityFence(info);
        }
    }
}

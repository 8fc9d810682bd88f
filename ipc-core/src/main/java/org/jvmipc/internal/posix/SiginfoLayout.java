package org.jvmipc.internal.posix;

/**
 * What comes with a signal, as the kernel takes it from a sender ({@code siginfo_t}, 128 bytes):
 *
 * <pre>
 *   0  int   signo
 *   4  int   errno     0; the mask editor puts its token there
 *   8  int   code      SI_QUEUE and the like
 *  16  int   pid
 *  20  int   uid
 *  24  int   value     the low half of a pointer
 * </pre>
 *
 * and as a signalfd gives it ({@code struct signalfd_siginfo}, 128 bytes a record):
 *
 * <pre>
 *   0  int   signo          12  int  pid          44  int   value
 *   4  int   errno          16  int  uid          48  long  pointer
 *   8  int   code
 * </pre>
 *
 * Both are the same on x86-64 and aarch64; see {@code sigaction(2)}, {@code signalfd(2)}.
 */
public final class SiginfoLayout {
    public static final int SI_USER = 0;
    public static final int SI_KERNEL = 0x80;
    public static final int SI_QUEUE = -1;
    public static final int SI_TIMER = -2;
    public static final int SI_MESGQ = -3;
    public static final int SI_ASYNCIO = -4;
    public static final int SI_SIGIO = -5;
    public static final int SI_TKILL = -6;

    static final int BYTES = 128;
    static final int SIGNO = 0;
    static final int ERRNO = 4;
    static final int CODE = 8;
    static final int PID = 16;
    static final int UID = 20;
    static final int VALUE = 24;

    /** One record of a signalfd. */
    public static final int RECORD_BYTES = 128;

    public static final int RECORD_SIGNO = 0;
    public static final int RECORD_ERRNO = 4;
    public static final int RECORD_CODE = 8;
    public static final int RECORD_PID = 12;
    public static final int RECORD_UID = 16;
    public static final int RECORD_VALUE = 44;

    private SiginfoLayout() {}
}

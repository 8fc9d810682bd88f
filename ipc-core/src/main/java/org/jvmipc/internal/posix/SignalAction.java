package org.jvmipc.internal.posix;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * What a process does on a signal: {@code struct sigaction} of the C library, kept byte for byte, so that it can be put
 * back as it was.
 *
 * <pre>
 *   0    8 bytes   handler: 0 default, 1 ignore, or the address of a function
 *   8  128 bytes   mask: signals blocked while the handler runs, bit n-1 for signal n
 * 136    4 bytes   flags
 * 144    8 bytes   restorer, the C library's own
 * 152
 * </pre>
 *
 * <p><b>Thread safety.</b> Immutable.
 */
public final class SignalAction {
    static final int BYTES = 152;

    private static final int HANDLER = 0;
    private static final int MASK = 8;
    private static final int FLAGS = 136;

    private static final long SIG_DFL = 0;
    private static final long SIG_IGN = 1;

    private static final int SA_SIGINFO = 4;
    private static final int SA_ONSTACK = 0x0800_0000;
    private static final int SA_RESTART = 0x1000_0000;

    /** The default action. */
    public static final SignalAction DEFAULT = new SignalAction(SIG_DFL, 0, 0);

    /** Is discarded when it comes, and discards what is pending when it is set. */
    public static final SignalAction IGNORE = new SignalAction(SIG_IGN, 0, 0);

    private final ByteBuffer bytes = ByteBuffer.allocate(BYTES).order(ByteOrder.LITTLE_ENDIAN);

    private SignalAction(long handler, long mask, int flags) {
        bytes.putLong(HANDLER, handler).putLong(MASK, mask).putInt(FLAGS, flags);
    }

    /** A function of three arguments that restarts system calls. */
    static SignalAction handler(long address, long mask) {
        return new SignalAction(address, mask, SA_SIGINFO | SA_ONSTACK | SA_RESTART);
    }

    static SignalAction read(NativeBuffer source) {
        SignalAction action = new SignalAction(0, 0, 0);
        action.bytes.put(0, source.bytes(), 0, BYTES);
        return action;
    }

    void write(NativeBuffer target) {
        target.bytes().put(0, bytes, 0, BYTES);
    }

    /** The address of the function; see {@link #isHandler()}. */
    public long handler() {
        return bytes.getLong(HANDLER);
    }

    int flags() {
        return bytes.getInt(FLAGS);
    }

    /** Whether it is the default action. */
    public boolean isDefault() {
        return handler() == SIG_DFL;
    }

    /** Whether it is to ignore the signal. */
    public boolean isIgnored() {
        return handler() == SIG_IGN;
    }

    /** Whether it is a function. */
    public boolean isHandler() {
        return !isDefault() && !isIgnored();
    }
}

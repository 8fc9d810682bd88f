package org.jvmipc.signals;

import java.nio.ByteBuffer;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jvmipc.internal.posix.MaskEditor;
import org.jvmipc.internal.posix.SiginfoLayout;

/** Reads the records of a signalfd: {@code struct signalfd_siginfo}, which says by its code what else is in it. */
final class SignalRecords {
    /** Codes of SIGCHLD: exited, killed, dumped, trapped, stopped, continued. */
    private static final int LAST_CHILD_CODE = 6;

    private static final int LARGEST_CODE = 0xff;

    private SignalRecords() {}

    static SignalEvent read(ByteBuffer records, int at) {
        PosixSignal signal = new PosixSignal(records.getInt(at + SiginfoLayout.RECORD_SIGNO));
        int code = code(records, at);
        SignalCode kind = kind(signal, code);
        OptionalInt value =
                hasValue(kind) ? OptionalInt.of(records.getInt(at + SiginfoLayout.RECORD_VALUE)) : OptionalInt.empty();
        if (!hasSender(kind)) {
            return new SignalEvent(signal, value, kind, OptionalLong.empty(), OptionalLong.empty());
        }
        long pid = Integer.toUnsignedLong(records.getInt(at + SiginfoLayout.RECORD_PID));
        long uid = Integer.toUnsignedLong(records.getInt(at + SiginfoLayout.RECORD_UID));
        // The kernel puts zeros where it had no room for who sent it; a sender outside this pid namespace has a user.
        boolean unknown = pid == 0 && uid == 0;
        return new SignalEvent(
                signal,
                value,
                kind,
                pid == 0 ? OptionalLong.empty() : OptionalLong.of(pid),
                unknown ? OptionalLong.empty() : OptionalLong.of(uid));
    }

    /** What the sender's was, if the mask editor has sent it back: it changes a code of 0 and above, and leaves its token. */
    private static int code(ByteBuffer records, int at) {
        int code = records.getInt(at + SiginfoLayout.RECORD_CODE);
        int before = code & Integer.MAX_VALUE;
        if (code >= 0 || before > LARGEST_CODE) {
            return code;
        }
        MaskEditor editor = MaskEditor.getIfMade();
        boolean sentBack = editor != null && records.getInt(at + SiginfoLayout.RECORD_ERRNO) == editor.token();
        return sentBack ? before : code;
    }

    private static SignalCode kind(PosixSignal signal, int code) {
        return switch (code) {
            case SiginfoLayout.SI_USER -> SignalCode.USER;
            case SiginfoLayout.SI_QUEUE -> SignalCode.QUEUE;
            case SiginfoLayout.SI_TKILL -> SignalCode.TKILL;
            case SiginfoLayout.SI_TIMER -> SignalCode.TIMER;
            case SiginfoLayout.SI_MESGQ -> SignalCode.MESGQ;
            case SiginfoLayout.SI_ASYNCIO -> SignalCode.ASYNCIO;
            case SiginfoLayout.SI_SIGIO -> SignalCode.SIGIO;
            case SiginfoLayout.SI_KERNEL -> SignalCode.KERNEL;
            default -> signal.equals(PosixSignal.CHLD) && code > 0 && code <= LAST_CHILD_CODE
                    ? SignalCode.CHILD
                    : SignalCode.OTHER;
        };
    }

    private static boolean hasValue(SignalCode kind) {
        return switch (kind) {
            case QUEUE, TIMER, MESGQ, ASYNCIO -> true;
            default -> false;
        };
    }

    private static boolean hasSender(SignalCode kind) {
        return switch (kind) {
            case USER, QUEUE, TKILL, MESGQ, ASYNCIO, CHILD -> true;
            default -> false;
        };
    }
}

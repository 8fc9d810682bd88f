package org.jvmipc.signals;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.jvmipc.internal.posix.SiginfoLayout;

/** What a record of the kernel's means, by its code. */
class SignalRecordsTest {
    private static final int AT = SiginfoLayout.RECORD_BYTES;
    private static final int HIGH_BIT = 0x8000_0000;

    private static ByteBuffer record(int signal, int code, int pid, int uid, int value) {
        return ByteBuffer.allocate(2 * SiginfoLayout.RECORD_BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(AT + SiginfoLayout.RECORD_SIGNO, signal)
                .putInt(AT + SiginfoLayout.RECORD_CODE, code)
                .putInt(AT + SiginfoLayout.RECORD_PID, pid)
                .putInt(AT + SiginfoLayout.RECORD_UID, uid)
                .putInt(AT + SiginfoLayout.RECORD_VALUE, value);
    }

    private static SignalEvent read(int signal, int code) {
        return SignalRecords.read(record(signal, code, 4711, 1000, 42), AT);
    }

    @ParameterizedTest
    @CsvSource({
        "35,0,USER,false,true",
        "35,-1,QUEUE,true,true",
        "35,-2,TIMER,true,false",
        "35,-3,MESGQ,true,true",
        "35,-4,ASYNCIO,true,true",
        "29,-5,SIGIO,false,false",
        "10,-6,TKILL,false,true",
        "14,128,KERNEL,false,false",
        "17,1,CHILD,false,true",
        "17,6,CHILD,false,true",
        "17,7,OTHER,false,false",
        "10,1,OTHER,false,false",
        "35,-60,OTHER,false,false"
    })
    void theCodeSaysWhatElseIsThere(int signal, int code, SignalCode expected, boolean value, boolean sender) {
        SignalEvent event = read(signal, code);
        assertEquals(PosixSignal.of(signal), event.signal());
        assertEquals(expected, event.code());
        assertEquals(value ? OptionalInt.of(42) : OptionalInt.empty(), event.value());
        assertEquals(sender ? OptionalLong.of(4711) : OptionalLong.empty(), event.pid());
        assertEquals(sender ? OptionalLong.of(1000) : OptionalLong.empty(), event.uid());
    }

    @Test
    void aCodeThatLooksSentBackButLacksTheTokenIsNotBelieved() {
        for (int code : new int[] {SiginfoLayout.SI_USER, SiginfoLayout.SI_KERNEL, 1}) {
            SignalEvent forged = read(17, code | HIGH_BIT);
            assertEquals(SignalCode.OTHER, forged.code());
            assertEquals(OptionalLong.empty(), forged.uid());
        }
    }

    @Test
    void aSenderUnknownIsEmptyAndOneOutsideTheNamespaceHasItsUser() {
        SignalEvent unknown = SignalRecords.read(record(35, SiginfoLayout.SI_USER, 0, 0, 0), AT);
        assertEquals(SignalEvent.bare(PosixSignal.of(35), SignalCode.USER), unknown);
        SignalEvent outside = SignalRecords.read(record(35, SiginfoLayout.SI_QUEUE, 0, -2, 0), AT);
        assertEquals(OptionalLong.empty(), outside.pid());
        assertEquals(OptionalLong.of(0xffff_fffeL), outside.uid());
    }
}

package org.jvmipc.mq.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.jvmipc.Codecs;
import org.jvmipc.LimitException;
import org.jvmipc.UnsupportedMechanismException;

/** The layouts, byte by byte: what another program would have to read and write. */
@Timeout(30)
class EnvelopeTest {
    private static final Envelope ENVELOPE = new Envelope(0, 0x0102030405060708L, 2, 3, 4, "tp", "mq:a");

    private static RecordBuffer record() throws LimitException {
        RecordBuffer record = new RecordBuffer("test", 100);
        record.add(ENVELOPE, Codecs.utf8(), "hello");
        record.stamp(0, 0x1234);
        return record;
    }

    @Test
    void isLaidOutAsDocumented() throws Exception {
        RecordBuffer record = record();
        byte[] bytes = record.bytes();
        assertEquals(76, record.end(), "75, padded");
        assertEquals(75, record.length(0));
        String hex = HexFormat.of().formatHex(bytes, 0, 56);
        assertEquals(
                "4d514531" + "0100" + "0200" + "4b000000" + "0400" + "0000" // MQE1, version, type, length, reply
                        + "3412000000000000" // index
                        + "0807060504030201" // time
                        + "0200000000000000" // producer
                        + "0300000000000000" // sequence
                        + "0400000000000000", // correlation
                hex);
        assertEquals("tpmq:ahello\0", new String(bytes, 64, 12, StandardCharsets.UTF_8));
        ByteBuffer view = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        assertEquals(Envelope.crc(bytes, 64, 11), view.getInt(56));
        assertEquals(Envelope.crc(bytes, 0, 60), view.getInt(60));
    }

    @Test
    void isReadAsItWasWritten() throws Exception {
        byte[] view = record().bytes();
        assertEquals(75, Envelope.length(view, 0, 76));
        assertEquals(ENVELOPE.withIndex(0x1234), Envelope.read(view, 0));
        assertTrue(Envelope.isBodyWhole(view, 0, 75));
        assertTrue(Envelope.isOfType(view, 0, "tp".getBytes(StandardCharsets.UTF_8)));
        assertFalse(Envelope.isOfType(view, 0, "tq".getBytes(StandardCharsets.UTF_8)));
        assertEquals(-1, Envelope.length(view, 0, 74), "it is not all there");
    }

    @Test
    void everyFlippedBitIsFoundOut() throws Exception {
        byte[] whole = record().bytes();
        for (int bit = 0; bit < 75 * 8; bit++) {
            byte[] bytes = whole.clone();
            bytes[bit / 8] ^= (byte) (1 << bit % 8);
            int length = Envelope.length(bytes, 0, 76);
            assertFalse(length >= 0 && Envelope.isBodyWhole(bytes, 0, length), "bit " + bit);
        }
    }

    @Test
    void recordsAreGatheredAndTakenFromTheFront() throws Exception {
        RecordBuffer records = new RecordBuffer("test", 100);
        for (int i = 0; i < 3; i++) {
            records.add(Envelope.NONE, Codecs.utf8(), "m" + i);
        }
        assertEquals(3 * 68, records.end());
        records.removeBefore(68);
        byte[] body = new byte[2];
        ByteBuffer.wrap(records.bytes(), 64, 2).get(body);
        assertArrayEquals("m1".getBytes(StandardCharsets.UTF_8), body);
        assertThrows(LimitException.class, () -> records.add(Envelope.NONE, Codecs.bytes(), new byte[101]));
        assertEquals(2 * 68, records.end(), "nothing was added");
    }

    @Test
    void networkFileSystemsAreRefused() {
        UnsupportedMechanismException refused = assertThrows(
                UnsupportedMechanismException.class, () -> FileSystems.requireLocal(0x6969, Path.of("/net")));
        assertTrue(String.valueOf(refused.getMessage()).contains("NFS"), refused.getMessage());
    }

    @Test
    void anyDirectoryOfThisMachineIsTaken(@TempDir Path directory) throws Exception {
        FileSystems.requireLocal(directory);
        FileSystems.requireLocal(Path.of("/dev/shm"));
    }

    @Test
    void thePomGivesTheTestsTheOptionsThatAreDocumented() throws Exception {
        ChronicleFlags.require("this test");
        String pom = java.nio.file.Files.readString(Path.of("pom.xml"));
        assertTrue(pom.contains("<ipc.chronicle>" + String.join(" ", ChronicleFlags.ALL) + "</ipc.chronicle>"));
    }
}

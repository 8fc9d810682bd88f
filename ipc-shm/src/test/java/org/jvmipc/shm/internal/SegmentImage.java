package org.jvmipc.shm.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import org.jvmipc.process.ProcessIdentity;

/** The bytes of a segment that nobody has open, to be changed as only a restart of the machine could change them. */
public final class SegmentImage {
    private final ByteBuffer bytes;

    private SegmentImage(byte[] bytes) {
        this.bytes = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** That of a file. */
    public static SegmentImage of(Path file) throws IOException {
        return new SegmentImage(Files.readAllBytes(file));
    }

    /**
     * Makes it one of before the machine's last start; and of those who were attached then processes that have the number and
     * the start time of this one by chance.
     *
     * @return how many slots look held
     */
    public int makeOfAnotherBoot() {
        bytes.putLong(SegmentLayout.BOOT_AT, bytes.getLong(SegmentLayout.BOOT_AT) ^ 1);
        ProcessIdentity self = ProcessIdentity.self();
        int held = 0;
        for (int slot = 0; slot < bytes.getInt(SegmentLayout.SLOTS_AT); slot++) {
            int at = SegmentLayout.slot(bytes.getInt(SegmentLayout.SLOTS_OFFSET_AT), slot);
            if (bytes.getInt(at + SegmentLayout.SLOT_STATE) == SegmentLayout.ACTIVE) {
                bytes.putInt(at + SegmentLayout.SLOT_PID, (int) self.pid());
                bytes.putLong(at + SegmentLayout.SLOT_START_TIME, self.startTime());
                bytes.putLong(at + SegmentLayout.SLOT_NAMESPACE, self.pidNamespace());
                held++;
            }
        }
        return held;
    }

    /** Whether it says that it is of this start of the machine. */
    public boolean isOfThisBoot() {
        UUID boot = UUID.fromString(ProcessIdentity.self().bootId());
        return bytes.getLong(SegmentLayout.BOOT_AT) == boot.getMostSignificantBits()
                && bytes.getLong(SegmentLayout.BOOT_AT + Long.BYTES) == boot.getLeastSignificantBits();
    }

    /** Writes it to a file. */
    public void write(Path file) throws IOException {
        Files.write(file, bytes.array());
    }
}

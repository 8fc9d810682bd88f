package org.jvmipc.mq.internal;

import java.io.Closeable;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.Arrays;
import org.jvmipc.OsException;
import org.jvmipc.internal.posix.Errno;
import org.jvmipc.internal.posix.Fcntl;
import org.jvmipc.internal.posix.Fd;
import org.jvmipc.internal.posix.FileCalls;
import org.jvmipc.internal.posix.FileStatus;
import org.jvmipc.internal.posix.NativeBuffer;
import org.jvmipc.internal.posix.OsCalls;

/**
 * Reads the file of one cycle with {@code pread(2)} into memory of its own: nothing is mapped, so whatever somebody does to the
 * file, cut it off or write over it, is met as data that are checked, and never as a fault. Of what it reads it believes nothing
 * before its checksum.
 *
 * <p><b>Thread safety.</b> None.
 */
public final class CycleReader implements Closeable {
    /** What there was at a place. */
    public enum Found {
        /** A message, whole. */
        MESSAGE,
        /** A message whose body is damaged; its header and its length are whole. */
        DAMAGED_BODY,
        /** Nothing behind this place up to the limit. */
        END,
        /** What cannot be: from here on nothing in this file can be read. */
        DAMAGED
    }

    private static final int WINDOW_BYTES = 64 << 10;
    private static final int LARGEST_KEPT_BYTES = 4 << 20;

    private final Fd file;
    private final String path;
    private final NativeBuffer block = new NativeBuffer(WINDOW_BYTES);
    private final int maxRecordBytes;
    private byte[] window = new byte[0];
    private long windowOffset;
    private int windowLength;

    private long position;
    private long start;
    private int recordAt;
    private int recordLength;

    /**
     * At the beginning of the file.
     *
     * @throws FileNotFoundException if there is none
     * @param maxRecordBytes no envelope is longer
     */
    public CycleReader(Cycle cycle, int maxRecordBytes) throws IOException {
        this.path = cycle.file().toString();
        this.file = open(path);
        this.maxRecordBytes = maxRecordBytes;
    }

    /** Anything but a file, a link too, is no file in its place. */
    private static Fd open(String path) throws IOException {
        Fd fd;
        try {
            fd = OsCalls.open(path, Fcntl.O_RDONLY | Fcntl.O_NOFOLLOW | Fcntl.O_NONBLOCK, 0);
        } catch (OsException e) {
            if (e.errno() == Errno.ENOENT || e.errno() == Errno.ELOOP || e.errno() == Errno.ENXIO) {
                throw (IOException) new FileNotFoundException(path).initCause(e);
            }
            throw e;
        }
        boolean regular = false;
        try {
            regular = OsCalls.status(fd.number()).type() == FileStatus.REGULAR;
        } finally {
            if (!regular) {
                fd.close();
            }
        }
        if (!regular) {
            throw new FileNotFoundException(path);
        }
        return fd;
    }

    /** Where the next document is looked for. */
    public long position() {
        return position;
    }

    public void position(long offset) {
        position = offset;
    }

    /** Where the document of the last message begins. */
    public long start() {
        return start;
    }

    /** The file's length now. */
    public long length() throws IOException {
        return OsCalls.status(file.number()).sizeBytes();
    }

    /** What the last message lies in. */
    public byte[] bytes() {
        return window;
    }

    /** Where its envelope begins in {@link #bytes()}. */
    public int recordAt() {
        return recordAt;
    }

    /** How long its envelope is. */
    public int recordLength() {
        return recordLength;
    }

    /**
     * Goes to the next message, over what is Chronicle's own.
     *
     * @param limit where to stop looking: the end of what is known to be written, or of the file
     */
    public Found next(long limit) throws IOException {
        while (position + DocumentLayout.HEADER_BYTES <= limit) {
            if (!load(position, DocumentLayout.HEADER_BYTES, limit)) {
                return Found.DAMAGED; // the file ends before its limit
            }
            int header = LittleEndian.getInt(window, (int) (position - windowOffset));
            if (header == DocumentLayout.NONE || DocumentLayout.isNotComplete(header)) {
                return Found.END;
            }
            int length = DocumentLayout.length(header);
            long next = DocumentLayout.next(position, length);
            if (next > limit) {
                return Found.DAMAGED;
            }
            if (!DocumentLayout.isMetadata(header)) {
                return message(length, next, limit);
            }
            position = next;
        }
        return Found.END;
    }

    private Found message(int length, long next, long limit) throws IOException {
        if (length > EnvelopeLayout.padded(maxRecordBytes)
                || !load(position, DocumentLayout.HEADER_BYTES + length, limit)) {
            return Found.DAMAGED;
        }
        int at = (int) (position - windowOffset) + DocumentLayout.HEADER_BYTES;
        int record = Envelope.length(window, at, length);
        if (record < 0 || EnvelopeLayout.padded(record) != EnvelopeLayout.padded(length)) {
            return Found.DAMAGED;
        }
        start = position;
        position = next;
        recordAt = at;
        recordLength = record;
        return Envelope.isBodyWhole(window, at, record) ? Found.MESSAGE : Found.DAMAGED_BODY;
    }

    /**
     * Behind a place where nothing can be read, looks for the next message that is one by its checksum.
     *
     * @return false if there is none up to the limit
     */
    public boolean resync(long limit) throws IOException {
        int least = DocumentLayout.HEADER_BYTES + EnvelopeLayout.HEADER_BYTES;
        for (long at = position + DocumentLayout.HEADER_BYTES; at + least <= limit; at += DocumentLayout.HEADER_BYTES) {
            if (!load(at, least, limit)) {
                return false;
            }
            int header = (int) (at - windowOffset);
            int envelope = header + DocumentLayout.HEADER_BYTES;
            if (LittleEndian.getInt(window, envelope) == EnvelopeLayout.MAGIC
                    && isMessage(LittleEndian.getInt(window, header), envelope, at, limit)) {
                position = at;
                return true;
            }
        }
        return false;
    }

    private boolean isMessage(int header, int envelope, long at, long limit) {
        int length = DocumentLayout.length(header);
        return header == length
                && DocumentLayout.next(at, length) <= limit
                && EnvelopeLayout.padded(Envelope.length(window, envelope, length)) == EnvelopeLayout.padded(length);
    }

    /** Has the range in the window; false if the file ends before it does. */
    private boolean load(long offset, int length, long limit) throws IOException {
        if (offset >= windowOffset && offset + length <= windowOffset + windowLength) {
            return true;
        }
        int wanted = (int) Math.min(Math.max(length, WINDOW_BYTES), limit - offset);
        if (window.length < wanted || (window.length > LARGEST_KEPT_BYTES && wanted <= WINDOW_BYTES)) {
            window = new byte[Math.max(wanted, WINDOW_BYTES)];
        }
        windowOffset = offset;
        windowLength = 0;
        while (windowLength < wanted) {
            int most = Math.min(wanted - windowLength, WINDOW_BYTES);
            int count = FileCalls.readAt(file, block, most, offset + windowLength, path);
            if (count == 0) {
                Arrays.fill(window, windowLength, window.length, (byte) 0);
                return windowLength >= length;
            }
            block.bytes().get(0, window, windowLength, count);
            windowLength += count;
        }
        return true;
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}

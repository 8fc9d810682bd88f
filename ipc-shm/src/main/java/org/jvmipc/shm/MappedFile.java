package org.jvmipc.shm;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.jvmipc.IpcException;
import org.jvmipc.internal.posix.Fd;
import org.jvmipc.internal.posix.MemoryCalls;
import org.jvmipc.internal.posix.OsCalls;
import org.jvmipc.shm.internal.Mapping;

/**
 * A file in memory, in pieces: Java maps 2 GiB at most, so piece i begins at i GiB and is 2 GiB long. Two neighbours overlap,
 * and each window of up to 1 GiB lies within one of them. A piece is mapped when it is first asked for.
 *
 * <p>Nothing is ever unmapped by hand: a buffer that somebody still has would then lead into what is mapped there next. The
 * collector does it when the last buffer is unreachable. The descriptor stays open for further pieces, and shows others that
 * the file is in use.
 */
final class MappedFile implements AutoCloseable {
    private static final long STEP_BYTES = 1L << 30;
    private static final int LARGEST_PIECE_BYTES = Integer.MAX_VALUE;

    private final Fd fd;
    private final long sizeBytes;
    private final boolean readOnly;
    private final boolean hugePages;
    private final String object;
    private final @Nullable MappedByteBuffer[] pieces;

    /**
     * Takes the descriptor over once its first piece is mapped.
     *
     * @param object names the file in the messages of errors
     */
    MappedFile(Fd fd, long sizeBytes, boolean readOnly, boolean hugePages, String object) throws IOException {
        this.fd = fd;
        this.sizeBytes = sizeBytes;
        this.readOnly = readOnly;
        this.hugePages = hugePages;
        this.object = object;
        this.pieces = new MappedByteBuffer[sizeBytes <= LARGEST_PIECE_BYTES ? 1 : pieceOf(sizeBytes - 1) + 1];
        piece(0);
    }

    private static int pieceOf(long offset) {
        return Math.toIntExact(offset / STEP_BYTES);
    }

    long sizeBytes() {
        return sizeBytes;
    }

    boolean isReadOnly() {
        return readOnly;
    }

    boolean isOpen() {
        return fd.isOpen();
    }

    /** The bytes from the offset on, as a buffer of their own, little-endian. */
    ByteBuffer window(long offset, int length) throws IOException {
        if (offset < 0 || length < 0 || offset > sizeBytes - length) {
            throw new IndexOutOfBoundsException("offset " + offset + " and length " + length + " are not within the "
                    + sizeBytes + " bytes of " + object);
        }
        if (pieces.length > 1 && length > STEP_BYTES) {
            throw new IllegalArgumentException("length is " + length + "; of " + object + ", which has more than "
                    + LARGEST_PIECE_BYTES + " bytes, a window has at most " + STEP_BYTES);
        }
        fd.ensureOpen();
        int number = pieces.length == 1 ? 0 : Math.min(pieceOf(offset), pieces.length - 1);
        int from = Math.toIntExact(offset - number * STEP_BYTES);
        return piece(number).slice(from, length).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Writes to the storage device what was changed in the range. */
    void force(long offset, long length) throws IOException {
        fd.ensureOpen();
        if (offset < 0 || length < 0 || offset > sizeBytes - length) {
            throw new IndexOutOfBoundsException("offset " + offset + " and length " + length + " are not within the "
                    + sizeBytes + " bytes of " + object);
        }
        long end = offset + length;
        for (long at = offset; at < end; ) {
            int number = pieces.length == 1 ? 0 : pieceOf(at);
            MappedByteBuffer piece = piece(number);
            int from = Math.toIntExact(at - number * STEP_BYTES);
            int part = (int) Math.min(end - at, piece.capacity() - from);
            try {
                piece.force(from, part);
            } catch (UncheckedIOException e) {
                throw new IpcException("msync failed: " + object + ": " + e.getMessage(), e);
            }
            at += part;
        }
    }

    private MappedByteBuffer piece(int number) throws IOException {
        synchronized (pieces) {
            MappedByteBuffer piece = pieces[number];
            if (piece == null) {
                piece = map(number * STEP_BYTES);
                pieces[number] = piece;
            }
            return piece;
        }
    }

    private MappedByteBuffer map(long from) throws IOException {
        long length = Math.min(sizeBytes - from, LARGEST_PIECE_BYTES);
        return fd.use(number -> map(number, from, length));
    }

    private MappedByteBuffer map(int number, long from, long length) throws IOException {
        long now = OsCalls.status(number).sizeBytes();
        if (now < from + length) { // mapping it would make it longer
            throw new DamagedSegmentException(object + ": had " + sizeBytes + " bytes and has " + now + " now");
        }
        MappedByteBuffer mapped = Mapping.of(number, readOnly, from, length, object);
        if (hugePages) {
            MemoryCalls.adviseHugePages(mapped, object);
        }
        return mapped;
    }

    /** No further pieces; those that are mapped go when nobody has a buffer of them. */
    @Override
    public void close() {
        fd.close();
        synchronized (pieces) {
            Arrays.fill(pieces, null);
        }
    }
}

package org.jvmipc.mq;

import java.io.Closeable;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What a process that will be killed has done: three numbers a line, each line one {@code write(2)}, which outlives it. */
final class KillLog implements Closeable {
    private static final int LINE_BYTES = 3 * Long.BYTES;

    private final RandomAccessFile file;
    private final byte[] line = new byte[LINE_BYTES];

    /** One line. */
    record Line(long kind, long first, long second) {}

    KillLog(Path path) throws IOException {
        file = new RandomAccessFile(path.toFile(), "rw");
        file.seek(file.length());
    }

    void add(long kind, long first, long second) throws IOException {
        ByteBuffer.wrap(line).putLong(kind).putLong(first).putLong(second);
        file.write(line);
    }

    @Override
    public void close() throws IOException {
        file.close();
    }

    /** All whole lines so far. */
    static List<Line> read(Path path) throws IOException {
        List<Line> lines = new ArrayList<>();
        if (!path.toFile().exists()) {
            return lines;
        }
        ByteBuffer bytes = ByteBuffer.wrap(java.nio.file.Files.readAllBytes(path));
        while (bytes.remaining() >= LINE_BYTES) {
            lines.add(new Line(bytes.getLong(), bytes.getLong(), bytes.getLong()));
        }
        return lines;
    }
}

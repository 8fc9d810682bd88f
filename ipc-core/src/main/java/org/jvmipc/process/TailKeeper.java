package org.jvmipc.process;

import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** Keeps the last lines of a stream, within a bound in lines and bytes. A line that is too long keeps its beginning. */
final class TailKeeper {
    static final int MAX_LINES = 200;
    static final int MAX_BYTES = 64 * 1024;
    static final int MAX_LINE_BYTES = 4 * 1024;

    private final Charset charset;
    private final Deque<byte[]> lines = new ArrayDeque<>();
    private final ByteBuffer open = ByteBuffer.allocate(MAX_LINE_BYTES);
    private int keptBytes;
    /** Whether the open line exists, which it does when empty too once something was cut off. */
    private boolean started;

    TailKeeper(Charset charset) {
        this.charset = charset;
    }

    /** Takes all bytes between the chunk's position and limit. */
    synchronized void add(ByteBuffer chunk) {
        while (chunk.hasRemaining()) {
            byte next = chunk.get();
            if (next == '\n') {
                endLine();
            } else {
                started = true;
                if (open.hasRemaining()) {
                    open.put(next);
                }
            }
        }
    }

    private void endLine() {
        byte[] line = openLine();
        open.clear();
        started = false;
        lines.addLast(line);
        keptBytes += line.length + 1;
        while (lines.size() > MAX_LINES || keptBytes > MAX_BYTES) {
            keptBytes -= lines.removeFirst().length + 1;
        }
    }

    private byte[] openLine() {
        int length = open.position();
        if (length > 0 && open.get(length - 1) == '\r') {
            length--;
        }
        byte[] line = new byte[length];
        open.get(0, line);
        return line;
    }

    /** The lines kept, oldest first, one that has no end yet included. */
    synchronized List<String> lines() {
        List<String> result = new ArrayList<>(lines.size() + 1);
        for (byte[] line : lines) {
            result.add(new String(line, charset));
        }
        if (started) {
            result.add(new String(openLine(), charset));
        }
        return List.copyOf(result);
    }
}

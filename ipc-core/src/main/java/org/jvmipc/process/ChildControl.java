package org.jvmipc.process;

import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The child's side of the control channel, see {@link ControlLines}. With plain streams: a child that needs no native
 * calls shall not pay for them at its start.
 */
final class ChildControl {
    private final long parentPid;
    private final long parentStartTime;
    private final String flags;
    private final FileInputStream in;
    private final FileOutputStream out;
    private final byte[] buffer = new byte[4096];
    private int position;
    private int limit;

    private final List<String> arguments = new ArrayList<>();
    private final Map<String, String> addresses = new LinkedHashMap<>();

    private ChildControl(long parentPid, long parentStartTime, String flags, FileInputStream in, FileOutputStream out) {
        this.parentPid = parentPid;
        this.parentStartTime = parentStartTime;
        this.flags = flags;
        this.in = in;
        this.out = out;
    }

    /**
     * Opens it.
     *
     * @param property the value of {@link ControlLines#PROPERTY}
     * @throws IOException if the parent is gone or its channel cannot be opened
     */
    static ChildControl open(String property) throws IOException {
        String[] parts = property.split(":", -1);
        if (parts.length != 6 || !parts[0].equals(ControlLines.VERSION)) {
            throw new IOException("the parent speaks another version of the control channel (" + property
                    + "); both need the same ipc-core");
        }
        long pid = Long.parseLong(parts[1]);
        long startTime = Long.parseLong(parts[2]);
        String descriptors = "/proc/".concat(parts[1]).concat("/fd/");
        // Before the opening, which is not for a stranger's files: it could wait in a FIFO for ever.
        checkParent(pid, startTime);
        FileInputStream in = new FileInputStream(descriptors.concat(parts[3]));
        FileOutputStream out = null;
        try {
            // To append, which is nothing to a pipe: should the number be given again just now, nothing is truncated.
            out = new FileOutputStream(descriptors.concat(parts[4]), true);
            // And after it: had the number been given again before it, this would be another's start time.
            checkParent(pid, startTime);
        } catch (IOException e) {
            in.close();
            if (out != null) {
                out.close();
            }
            throw e;
        }
        return new ChildControl(pid, startTime, parts[5], in, out);
    }

    private static void checkParent(long pid, long startTime) throws IOException {
        ProcFs.Stat parent = ProcFs.stat(pid);
        if (parent == null || parent.startTime() != startTime) {
            throw new IOException(
                    "the parent JVM, process ".concat(Long.toString(pid)).concat(", is gone"));
        }
    }

    boolean has(char flag) {
        return flags.indexOf(flag) >= 0;
    }

    long parentPid() {
        return parentPid;
    }

    long parentStartTime() {
        return parentStartTime;
    }

    /** Arguments of main that came through the channel. */
    List<String> arguments() {
        return arguments;
    }

    /** What was handed over. */
    Map<String, String> addresses() {
        return addresses;
    }

    /** Says hello and takes what is handed over. */
    void greet() throws IOException {
        out.write(ControlLines.bytes(ControlLines.HELLO));
        while (true) {
            String line = readLine();
            if (line == null) {
                throw new IOException("the parent JVM is gone");
            }
            if (line.equals(ControlLines.END)) {
                return;
            }
            take(line);
        }
    }

    private void take(String line) {
        if (line.startsWith(ControlLines.ARGUMENT)) {
            arguments.add(ControlLines.unescape(line.substring(ControlLines.ARGUMENT.length())));
        } else if (line.startsWith(ControlLines.ADDRESS)) {
            int nameEnd = line.indexOf(' ', ControlLines.ADDRESS.length());
            addresses.put(
                    line.substring(ControlLines.ADDRESS.length(), nameEnd),
                    ControlLines.unescape(line.substring(nameEnd + 1)));
        }
    }

    private @Nullable String readLine() throws IOException {
        byte[] line = new byte[128];
        int length = 0;
        while (true) {
            int next = readByte();
            if (next < 0) {
                return null;
            }
            if (next == '\n') {
                return new String(line, 0, length, StandardCharsets.UTF_8);
            }
            if (length == line.length) {
                line = Arrays.copyOf(line, length * 2);
            }
            line[length] = (byte) next;
            length++;
        }
    }

    private int readByte() throws IOException {
        if (position == limit) {
            position = 0;
            limit = Math.max(0, in.read(buffer));
        }
        if (position == limit) {
            return -1;
        }
        int next = buffer[position];
        position++;
        return next & 0xff;
    }

    /** Says that the application is ready, the last that is said. A parent that is gone is noticed elsewhere. */
    synchronized void sayReady() {
        try {
            out.write(ControlLines.bytes(ControlLines.READY));
        } catch (IOException e) {
            // The parent is gone, or this was said before.
        } finally {
            closeOut();
        }
    }

    private void closeOut() {
        try {
            out.close();
        } catch (IOException e) {
            // on Linux it is closed all the same
        }
    }

    /**
     * The pipe whose end tells that the parent is gone; as a channel, because a thread blocked in a channel can be called
     * back.
     */
    FileChannel lifeline() {
        return in.getChannel();
    }

    /** Whether the parent still runs, by its number and start time. */
    boolean isParentAlive() {
        return ProcFs.isAlive(parentPid, parentStartTime);
    }
}

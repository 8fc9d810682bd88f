package org.jvmipc.sockets.internal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The kernel's table of Unix domain sockets, {@code /proc/net/unix}: of this network namespace. Whoever binds a socket chooses
 * the path that stands there, and it is not escaped, so a row may be forged by one with a newline in it: what is read here may
 * say of a socket that is dead that it lives, and not the other way round.
 *
 * <pre>
 *   Num       RefCount Protocol Flags    Type St Inode Path
 *   0000...0: 00000002 00000000 00010000 0001 01 12345 /tmp/s
 * </pre>
 */
public final class UnixTable {
    private static final Path TABLE = Path.of("/proc/net/unix");
    private static final int COLUMNS = 8;
    private static final int FLAGS = 3;
    private static final int STATE = 5;
    private static final int INODE = 6;
    private static final int PATH = 7;
    private static final int HEX = 16;
    private static final int ACCEPTS = 0x10000;
    private static final int CONNECTED = 3;

    private UnixTable() {}

    /**
     * A socket that has a path.
     *
     * @param inode its number, as in {@code /proc/PID/fd}
     * @param listening whether it accepts connections
     * @param connected whether it is one that was accepted
     */
    public record Row(long inode, boolean listening, boolean connected, String path) {}

    /** The sockets that are bound to this path, and those that were accepted there. */
    public static List<Row> at(String path) throws IOException {
        List<Row> rows = new ArrayList<>();
        // Bytes, since a path need not be text: each is a character here.
        String wanted = new String(path.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
        for (String line : Files.readAllLines(TABLE, StandardCharsets.ISO_8859_1)) {
            if (line.endsWith(wanted)) {
                add(rows, line, wanted);
            }
        }
        return rows;
    }

    private static void add(List<Row> rows, String line, String wanted) {
        String[] columns = line.trim().split(" +", COLUMNS);
        if (columns.length < COLUMNS || !columns[PATH].equals(wanted)) {
            return;
        }
        try {
            long inode = Long.parseLong(columns[INODE]);
            boolean listening = (Long.parseLong(columns[FLAGS], HEX) & ACCEPTS) != 0;
            boolean connected = Integer.parseInt(columns[STATE], HEX) == CONNECTED;
            rows.add(new Row(inode, listening, connected, wanted));
        } catch (NumberFormatException e) {
            // The second half of a path with a newline in it.
        }
    }
}

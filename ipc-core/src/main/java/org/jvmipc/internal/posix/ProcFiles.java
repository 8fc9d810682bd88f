package org.jvmipc.internal.posix;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** Single values from {@code /proc/sys}; see {@code proc(5)}. They are only told, or a bound, so the answer is -1 rather than a failure. */
public final class ProcFiles {
    private ProcFiles() {}

    /** The number that is the file's whole content. In one read: some of these files answer only the first in full. */
    public static long number(String path) {
        try (InputStream file = new FileInputStream(path)) {
            byte[] content = new byte[64];
            int length = file.read(content);
            return length < 0 ? -1 : Long.parseLong(new String(content, 0, length, StandardCharsets.US_ASCII).strip());
        } catch (IOException | NumberFormatException e) {
            return -1;
        }
    }
}

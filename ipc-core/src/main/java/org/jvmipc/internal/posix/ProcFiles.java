package org.jvmipc.internal.posix;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Single values from {@code /proc}; see {@code proc(5)}. They are only told, or a bound, so the answer is -1 rather than a failure. */
public final class ProcFiles {
    private static final String EFFECTIVE = "CapEff:";

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

    /** Whether this thread has the capability, by its number, as effective; false if it cannot be told. */
    static boolean hasCapability(int number) {
        try {
            for (String line : Files.readAllLines(Path.of("/proc/thread-self/status"), StandardCharsets.ISO_8859_1)) {
                if (line.startsWith(EFFECTIVE)) {
                    String mask = line.substring(EFFECTIVE.length()).strip();
                    return (Long.parseUnsignedLong(mask, 16) >>> number & 1) != 0;
                }
            }
        } catch (IOException | NumberFormatException e) {
            // no /proc: then nothing can be told
        }
        return false;
    }
}

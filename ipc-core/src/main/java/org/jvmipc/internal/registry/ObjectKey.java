package org.jvmipc.internal.registry;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * What tells objects apart: scheme and absolute path. Their hash names the record's file and the byte of the lock file.
 *
 * @param scheme such as {@code fifo}
 * @param path absolute
 */
record ObjectKey(String scheme, String path) {
    private static final int NAME_BYTES = 16;

    ObjectKey {
        RegistryRecord.requireScheme(scheme);
        RegistryRecord.requirePath(path);
    }

    static ObjectKey of(RegistryRecord record) {
        return new ObjectKey(record.scheme(), record.path());
    }

    /** The name of its record's file. */
    String fileName() {
        return scheme + "-" + HexFormat.of().formatHex(hash(), 0, NAME_BYTES) + RecordFiles.SUFFIX;
    }

    /** Its byte in the lock file: 62 bits, so that behind it is room for a length. */
    long lockByte() {
        return ByteBuffer.wrap(hash()).getLong() >>> 2;
    }

    private byte[] hash() {
        try {
            return MessageDigest.getInstance("SHA-256").digest((scheme + ":" + path).getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    @Override
    public String toString() {
        return scheme + ":" + path;
    }
}

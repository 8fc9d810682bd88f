package org.jvmipc.internal.registry;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;
import org.jvmipc.CorruptDataException;
import org.jvmipc.Lifetime;
import org.jvmipc.internal.Quoted;
import org.jvmipc.process.ProcessIdentity;

/**
 * A record as a file, in printable ASCII, so that {@code cat} shows it and any language reads it:
 *
 * <pre>
 *  format=1                               always the first line
 *  scheme=fifo
 *  address=fifo:/tmp/x
 *  path=/tmp/x
 *  device=0:29                            major:minor; 0:0 while the object is being made
 *  inode=4711                             unsigned; 0 while the object is being made
 *  born=1795544415123456789               btime of the file, nanoseconds since 1970; 0 if unknown
 *  size=65536
 *  created=2026-11-24T18:20:15.123Z
 *  lifetime=owned                         or kept
 *  owner=4711:8812:1b4e28ba-...:4026531836    pid:start time in ticks:boot id:inode of the pid namespace
 *  set.capacity=64k                       any number of settings
 *  crc32c=e3069283                        always the last line; of all bytes before it
 * </pre>
 *
 * <p>Each line ends in a newline. A key goes up to the first equals sign. In values, {@code %} and all bytes of UTF-8 that
 * are not printable ASCII (0x21 to 0x7e) are written as {@code %25}. Between the first line and the last one the order is
 * free; a key that the reader does not know is ignored, one that comes twice is an error. At most {@value #MAX_BYTES}
 * bytes.
 *
 * <p>The file's name is {@code SCHEME-HASH.rec}, where HASH is the first 128 bits of the SHA-256 of {@code SCHEME:PATH}, in
 * hexadecimal.
 */
public final class RegistryLayout {
    /** Room for the longest path (4096 bytes) twice, every byte of it escaped, and settings. */
    public static final int MAX_BYTES = 64 * 1024;

    private static final Pattern NUMBER = Pattern.compile("-?[0-9]+");
    private static final String FIRST_LINE = "format=1\n";
    private static final String SETTING = "set.";
    private static final String CRC = "crc32c=";
    private static final int LAST_LINE_BYTES = CRC.length() + 8 + 1;

    private RegistryLayout() {}

    static byte[] encode(RegistryRecord record) {
        StringBuilder text = new StringBuilder(512).append(FIRST_LINE);
        line(text, "scheme", record.scheme());
        line(text, "address", record.address());
        line(text, "path", record.path());
        line(text, "device", (record.device() >>> 32) + ":" + (record.device() & 0xffff_ffffL));
        line(text, "inode", Long.toUnsignedString(record.inode()));
        line(text, "born", Long.toString(record.birthNanos()));
        line(text, "size", Long.toString(record.sizeBytes()));
        line(text, "created", record.created().toString());
        line(text, "lifetime", record.lifetime().name().toLowerCase(Locale.ROOT));
        line(text, "owner", record.owner().toString());
        record.settings().forEach((key, value) -> line(text, SETTING + key, value));
        byte[] content = text.toString().getBytes(StandardCharsets.US_ASCII);
        text.append(lastLine(content, content.length));
        if (text.length() > MAX_BYTES) {
            throw new IllegalArgumentException(
                    "a record of " + text.length() + " bytes; it may have " + MAX_BYTES + " at most");
        }
        return text.toString().getBytes(StandardCharsets.US_ASCII);
    }

    private static void line(StringBuilder text, String key, String value) {
        text.append(key).append('=');
        Escapes.append(text, value);
        text.append('\n');
    }

    private static String lastLine(byte[] content, int length) {
        CRC32C crc = new CRC32C();
        crc.update(content, 0, length);
        return CRC + String.format(Locale.ROOT, "%08x", crc.getValue()) + "\n";
    }

    /**
     * Reads a record; every byte may be hostile.
     *
     * @param file names it in the error
     */
    static RegistryRecord decode(byte[] bytes, String file) throws CorruptDataException {
        try {
            return record(values(bytes));
        } catch (IllegalArgumentException e) {
            throw new CorruptDataException("the registry's record " + file + " is damaged: " + e.getMessage(), e);
        }
    }

    private static SortedMap<String, String> values(byte[] bytes) {
        int end = bytes.length - LAST_LINE_BYTES;
        if (bytes.length > MAX_BYTES || end < 0) {
            throw new IllegalArgumentException("it has " + bytes.length + " bytes");
        }
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        String expected = lastLine(bytes, end);
        if (!text.endsWith(expected)) {
            throw new IllegalArgumentException("its last line is not the checksum of the others");
        }
        if (!text.startsWith(FIRST_LINE)) {
            String first = text.substring(0, text.indexOf('\n'));
            throw new IllegalArgumentException("it begins with " + Quoted.of(first) + " and not with \"format=1\"");
        }
        if (text.charAt(end - 1) != '\n') {
            throw new IllegalArgumentException("its last line has no line for itself");
        }
        SortedMap<String, String> values = new TreeMap<>();
        int at = 0;
        while (at < end) {
            String line = text.substring(at, text.indexOf('\n', at));
            int equals = line.indexOf('=');
            if (equals < 1) {
                throw new IllegalArgumentException("a line is not key=value: " + Quoted.of(line));
            }
            String key = line.substring(0, equals);
            if (values.put(key, Escapes.decode(line.substring(equals + 1))) != null) {
                throw new IllegalArgumentException("key " + Quoted.of(key) + " comes twice");
            }
            at += line.length() + 1;
        }
        return values;
    }

    private static RegistryRecord record(SortedMap<String, String> values) {
        SortedMap<String, String> settings = new TreeMap<>();
        values.tailMap(SETTING).forEach((key, value) -> {
            if (key.startsWith(SETTING)) {
                settings.put(key.substring(SETTING.length()), value);
            }
        });
        return new RegistryRecord(
                value(values, "scheme", text -> text),
                value(values, "address", text -> text),
                value(values, "path", text -> text),
                value(values, "device", RegistryLayout::device),
                value(values, "inode", text -> Long.parseUnsignedLong(number(text))),
                value(values, "born", text -> Long.parseLong(number(text))),
                value(values, "size", text -> Long.parseLong(number(text))),
                value(values, "created", Instant::parse),
                value(values, "lifetime", RegistryLayout::lifetime),
                value(values, "owner", ProcessIdentity::parse),
                settings);
    }

    private static <V> V value(SortedMap<String, String> values, String key, Function<String, V> parser) {
        String value = values.get(key);
        if (value == null) {
            throw new IllegalArgumentException("it has no line " + key + "=");
        }
        try {
            return parser.apply(value);
        } catch (IllegalArgumentException | DateTimeException e) {
            // Not the parser's own words: they may repeat what a terminal would obey.
            throw new IllegalArgumentException(key + " cannot be " + Quoted.of(value), e);
        }
    }

    /** As it is, if it is what other languages take for a number too: Java's parsers know the digits of all scripts. */
    private static String number(String text) {
        if (!NUMBER.matcher(text).matches()) {
            throw new IllegalArgumentException(text);
        }
        return text;
    }

    private static long device(String text) {
        int colon = text.indexOf(':');
        if (colon < 0) {
            throw new IllegalArgumentException(text);
        }
        long major = Integer.parseUnsignedInt(number(text.substring(0, colon)));
        return (major << 32) | (Integer.parseUnsignedInt(number(text.substring(colon + 1))) & 0xffff_ffffL);
    }

    private static Lifetime lifetime(String text) {
        return switch (text) {
            case "kept" -> Lifetime.KEPT;
            case "owned" -> Lifetime.OWNED;
            default -> throw new IllegalArgumentException(text);
        };
    }
}

package org.jvmipc.mq.internal;

import java.io.FileInputStream;
import java.io.FileNotFoundException;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jvmipc.CorruptDataException;
import org.jvmipc.OsException;
import org.jvmipc.internal.Units;
import org.jvmipc.internal.posix.Errno;
import org.jvmipc.mq.FullPolicy;
import org.jvmipc.mq.MessageQueueOptions;

/**
 * The file {@code queue} in a queue's directory: a line {@code key=value} for each option, the last line {@code crc=} the CRC32C
 * of all before. Written once, before the directory has its name.
 */
public final class QueueSettings {
    static final String FILE = "queue";

    private static final String VERSION = "version";
    private static final String CRC = "crc=";
    private static final int LARGEST_BYTES = 4096;

    private QueueSettings() {}

    /** The options as parameters of an address. */
    public static Map<String, String> parameters(MessageQueueOptions options) {
        Map<String, String> lines = new LinkedHashMap<>();
        lines.put("capacity", Units.formatSize(options.capacityBytes()));
        lines.put("cycle", Units.formatSize(options.cycleBytes()));
        lines.put("cycle-age", Units.formatDuration(options.cycleAge()));
        lines.put("max-message", Units.formatSize(options.maxMessageBytes()));
        lines.put("full", options.whenFull().name().toLowerCase(Locale.ROOT));
        lines.put("retention", Units.formatDuration(options.retention()));
        lines.put("max-age", Units.formatDuration(options.maxAge()));
        lines.put("sync", Boolean.toString(options.sync()));
        lines.put("groups", Integer.toString(options.groups()));
        lines.put("participants", Integer.toString(options.participants()));
        return lines;
    }

    static void write(Path directory, MessageQueueOptions options) throws IOException {
        StringBuilder text = new StringBuilder(VERSION + "=1\n");
        parameters(options)
                .forEach((key, value) ->
                        text.append(key).append('=').append(value).append('\n'));
        byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
        text.append(CRC)
                .append(Integer.toHexString(Envelope.crc(bytes, 0, bytes.length)))
                .append('\n');
        try (FileOutputStream file =
                new FileOutputStream(directory.resolve(FILE).toFile())) {
            file.write(text.toString().getBytes(StandardCharsets.UTF_8));
        }
    }

    /**
     * What a queue was made with.
     *
     * @throws OsException {@code ENOENT} if there is no queue
     * @throws CorruptDataException if the file is damaged
     */
    static MessageQueueOptions read(Path directory) throws IOException {
        Path file = directory.resolve(FILE);
        String text;
        try (FileInputStream in = new FileInputStream(file.toFile())) { // no channel: an interrupt would close it
            text = new String(in.readNBytes(LARGEST_BYTES), StandardCharsets.UTF_8);
        } catch (FileNotFoundException e) {
            throw new OsException("open", Errno.ENOENT, "path=" + file);
        }
        int end = text.lastIndexOf(CRC);
        byte[] before = text.substring(0, Math.max(0, end)).getBytes(StandardCharsets.UTF_8);
        String crc = Integer.toHexString(Envelope.crc(before, 0, before.length));
        if (end < 0 || !text.substring(end + CRC.length()).equals(crc + "\n")) {
            throw new CorruptDataException(file + ": its checksum is wrong");
        }
        try {
            return parse(text.substring(0, end));
        } catch (IllegalArgumentException e) {
            throw new CorruptDataException(file + ": " + e.getMessage(), e);
        }
    }

    private static MessageQueueOptions parse(String text) {
        Map<String, String> lines = new LinkedHashMap<>();
        text.lines().forEach(line -> {
            int equals = line.indexOf('=');
            if (equals > 0) {
                lines.put(line.substring(0, equals), line.substring(equals + 1));
            }
        });
        if (!"1".equals(lines.get(VERSION))) {
            throw new IllegalArgumentException("version is " + lines.get(VERSION) + "; this one knows 1");
        }
        return new MessageQueueOptions(
                Units.parseSize(value(lines, "capacity")),
                Units.parseSize(value(lines, "cycle")),
                duration(lines, "cycle-age"),
                Math.toIntExact(Units.parseSize(value(lines, "max-message"))),
                FullPolicy.valueOf(value(lines, "full").toUpperCase(Locale.ROOT)),
                duration(lines, "retention"),
                duration(lines, "max-age"),
                Boolean.parseBoolean(value(lines, "sync")),
                Integer.parseInt(value(lines, "groups")),
                Integer.parseInt(value(lines, "participants")));
    }

    private static Duration duration(Map<String, String> lines, String key) {
        return Units.parseDuration(value(lines, key));
    }

    private static String value(Map<String, String> lines, String key) {
        String value = lines.get(key);
        if (value == null) {
            throw new IllegalArgumentException("it says nothing of " + key);
        }
        return value;
    }
}

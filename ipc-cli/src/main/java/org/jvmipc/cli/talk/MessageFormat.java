package org.jvmipc.cli.talk;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import org.jvmipc.Address;
import org.jvmipc.cli.frame.CommandException;
import org.jvmipc.cli.frame.UsageErrors;
import org.jvmipc.internal.Quoted;
import org.jvmipc.internal.Suggestions;

/**
 * How {@code recv --format} prints a message: text with fields such as {@code {data}} in it. A doubled brace stands for the
 * brace itself, and {@code \n \t \r \0 \\} for what they are in C.
 */
final class MessageFormat {
    /** What may stand in braces. */
    private enum Field {
        DATA,
        BASE64,
        HEX,
        BYTES,
        NUMBER,
        TIME,
        NANOS,
        ADDRESS;

        private String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** A piece of text, or a field. */
    private record Part(String text, Field field, boolean isText) {}

    private final List<Part> parts = new ArrayList<>();

    private MessageFormat() {}

    /**
     * Reads a format.
     *
     * @throws CommandException if it is none
     */
    static MessageFormat of(String format) {
        MessageFormat result = new MessageFormat();
        StringBuilder text = new StringBuilder();
        int i = 0;
        while (i < format.length()) {
            char c = format.charAt(i);
            boolean doubled = i + 1 < format.length() && format.charAt(i + 1) == c;
            if ((c == '{' || c == '}') && doubled) {
                text.append(c);
                i += 2;
            } else if (c == '{') {
                int close = format.indexOf('}', i);
                result.add(text, field(format, i, close));
                i = close + 1;
            } else if (c == '}') {
                throw wrong(format, "a } without its {", "write }} for the brace itself");
            } else if (c == '\\') {
                text.append(escaped(format, i + 1));
                i += 2;
            } else {
                text.append(c);
                i++;
            }
        }
        if (text.length() > 0) {
            result.parts.add(new Part(text.toString(), Field.DATA, true));
        }
        return result;
    }

    private void add(StringBuilder text, Field field) {
        if (text.length() > 0) {
            parts.add(new Part(text.toString(), Field.DATA, true));
            text.setLength(0);
        }
        parts.add(new Part("", field, false));
    }

    private static Field field(String format, int open, int close) {
        if (close < 0) {
            throw wrong(format, "a { without its }", "write {{ for the brace itself");
        }
        String word = format.substring(open + 1, close);
        List<String> words = new ArrayList<>();
        for (Field field : Field.values()) {
            if (field.word().equals(word)) {
                return field;
            }
            words.add(field.word());
        }
        throw wrong(
                format,
                "there is no field " + Quoted.of(word),
                UsageErrors.fixes(Suggestions.nearest(word, words), "it is one of: " + String.join(", ", words)));
    }

    private static char escaped(String format, int at) {
        char c = at < format.length() ? format.charAt(at) : ' ';
        return switch (c) {
            case 'n' -> '\n';
            case 't' -> '\t';
            case 'r' -> '\r';
            case '0' -> '\0';
            case '\\' -> '\\';
            default -> throw wrong(
                    format, "a backslash before none of n t r 0 \\", "write \\\\ for the backslash itself");
        };
    }

    private static CommandException wrong(String format, String why, String... fixes) {
        return CommandException.usage("--format " + Quoted.of(format) + ": " + why, fixes);
    }

    /** The message so, the number-th of this command, from 1. */
    byte[] apply(ByteBuffer message, long number, Address address) {
        Bytes result = new Bytes(message.remaining() + 64);
        for (Part part : parts) {
            if (part.isText()) {
                result.add(part.text().getBytes(StandardCharsets.UTF_8));
            } else {
                result.add(value(part.field(), message, number, address));
            }
        }
        return result.toArray();
    }

    private static byte[] value(Field field, ByteBuffer message, long number, Address address) {
        byte[] data = new byte[message.remaining()];
        message.duplicate().get(data);
        return switch (field) {
            case DATA -> data;
            case BASE64 -> Base64.getEncoder().encode(data);
            case HEX -> ascii(HexFormat.of().formatHex(data));
            case BYTES -> ascii(Integer.toString(data.length));
            case NUMBER -> ascii(Long.toString(number));
            case TIME -> ascii(Instant.now().truncatedTo(ChronoUnit.MICROS).toString());
            case NANOS -> ascii(Long.toString(nanos(Instant.now())));
            case ADDRESS -> ascii(address.toString());
        };
    }

    private static long nanos(Instant now) {
        return now.getEpochSecond() * 1_000_000_000L + now.getNano();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}

package org.jvmipc.internal.registry;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.jvmipc.internal.Quoted;

/** Any text in the printable ASCII of a record's line: the percent-encoding of UTF-8, in both directions strict. */
final class Escapes {
    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    private Escapes() {}

    /** Appends the text, encoded. */
    static void append(StringBuilder target, String text) {
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            if (b > ' ' && b < 0x7f && b != '%') {
                target.append((char) b);
            } else {
                HEX.toHexDigits(target.append('%'), b);
            }
        }
    }

    /**
     * The text that was encoded.
     *
     * @throws IllegalArgumentException if it is no such text; the message has nothing in it that a terminal would obey
     */
    static String decode(String encoded) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(encoded.length());
        for (int i = 0; i < encoded.length(); i++) {
            char c = encoded.charAt(i);
            if (c <= ' ' || c >= 0x7f) {
                throw new IllegalArgumentException("a value is not printable: " + Quoted.of(encoded));
            }
            if (c != '%') {
                bytes.write(c);
                continue;
            }
            if (i + 2 >= encoded.length()
                    || !HexFormat.isHexDigit(encoded.charAt(i + 1))
                    || !HexFormat.isHexDigit(encoded.charAt(i + 2))) {
                throw new IllegalArgumentException(
                        "a percent sign without two hexadecimal digits: " + Quoted.of(encoded));
            }
            bytes.write(HexFormat.fromHexDigits(encoded, i + 1, i + 3));
            i += 2;
        }
        try {
            // Of a decoder, which refuses what a String's constructor would replace.
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes.toByteArray()))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("a value is not UTF-8: " + Quoted.of(encoded), e);
        }
    }

    /** Checks that text can be encoded, and be given to the operating system. */
    static void requireText(String text) {
        if (text.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("a NUL character in " + Quoted.of(text));
        }
        try {
            StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("half a surrogate pair in " + Quoted.of(text), e);
        }
    }
}

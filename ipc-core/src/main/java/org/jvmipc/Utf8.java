package org.jvmipc;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Text as UTF-8, strictly: what the JDK's conversions would silently replace is an error here, in both directions.
 *
 * <p><b>Thread safety.</b> Stateless.
 */
final class Utf8 {
    private static final char REPLACEMENT = '\uFFFD';

    private Utf8() {}

    /**
     * Turns text into bytes.
     *
     * @throws IllegalArgumentException if it has half of a surrogate pair without the other
     */
    static byte[] encode(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        // The JDK writes '?' for what has no encoding. Whole arrays are turned and compared many bytes at a time, which
        // is several times as fast as a look at every character.
        if (!new String(bytes, StandardCharsets.UTF_8).equals(text)) {
            throw new IllegalArgumentException(
                    "text has half a surrogate pair at index " + unpairedSurrogate(text) + "; that has no UTF-8 form");
        }
        return bytes;
    }

    /**
     * Turns bytes into text.
     *
     * @throws IllegalArgumentException if they are not UTF-8
     */
    static String decode(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.UTF_8);
        // The JDK puts U+FFFD in the place of malformed bytes. A real U+FFFD is rare enough to be looked at twice.
        return text.indexOf(REPLACEMENT) < 0 ? text : decodeSlowly(bytes);
    }

    private static String decodeSlowly(byte[] bytes) {
        ByteBuffer source = ByteBuffer.wrap(bytes);
        CharBuffer target = CharBuffer.allocate(bytes.length); // UTF-8 never has fewer bytes than UTF-16 has chars
        if (StandardCharsets.UTF_8.newDecoder().decode(source, target, true).isError()) {
            throw new IllegalArgumentException("byte " + source.position() + " of " + bytes.length + " is not UTF-8");
        }
        return target.flip().toString();
    }

    private static int unpairedSurrogate(String text) {
        int index = 0;
        while (index < text.length() && !isUnpaired(text.codePointAt(index))) {
            index += Character.charCount(text.codePointAt(index));
        }
        return index;
    }

    private static boolean isUnpaired(int codePoint) {
        return codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
    }
}

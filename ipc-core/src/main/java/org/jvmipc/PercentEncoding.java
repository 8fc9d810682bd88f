package org.jvmipc;

import java.io.ByteArrayOutputStream;

/**
 * The percent-encoding of RFC 3986 over UTF-8, for the parts of an {@link Address}. What it writes is printable ASCII
 * that neither a shell nor a log takes for anything special. A plus sign is a plus sign.
 *
 * <p><b>Thread safety.</b> Stateless.
 */
final class PercentEncoding {
    private static final String HEX = "0123456789ABCDEF";
    /** Besides letters and digits. No {@code % ? & #}, which delimit, and nothing that a shell expands. */
    private static final String PLAIN = "-._~/:@+,=";

    private PercentEncoding() {}

    /**
     * Encodes text that is well-formed Unicode.
     *
     * @param alsoPlain characters to leave as they are besides the usual ones
     */
    static String encode(String text, String alsoPlain) {
        StringBuilder encoded = new StringBuilder(text.length());
        for (byte b : Utf8.encode(text)) {
            char c = (char) (b & 0xff);
            if (isLetterOrDigit(c) || PLAIN.indexOf(c) >= 0 || alsoPlain.indexOf(c) >= 0) {
                encoded.append(c);
            } else {
                encoded.append('%').append(HEX.charAt(c >> 4)).append(HEX.charAt(c & 0xf));
            }
        }
        return encoded.toString();
    }

    /**
     * Decodes text; what is not encoded stands for itself.
     *
     * @throws IllegalArgumentException if a percent sign is not followed by two hexadecimal digits, or the result is not
     *     UTF-8 or has a NUL
     */
    static String decode(String encoded) {
        byte[] bytes = Utf8.encode(encoded);
        ByteArrayOutputStream decoded = new ByteArrayOutputStream(bytes.length);
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] != '%') {
                decoded.write(bytes[i]);
                continue;
            }
            int high = i + 2 < bytes.length ? Character.digit(bytes[i + 1], 16) : -1;
            int low = i + 2 < bytes.length ? Character.digit(bytes[i + 2], 16) : -1;
            if (high < 0 || low < 0) {
                throw new IllegalArgumentException(
                        "a percent sign is not followed by two hexadecimal digits; write %25 for the sign itself");
            }
            decoded.write((high << 4) | low);
            i += 2;
        }
        return requireNoNul(Utf8.decode(decoded.toByteArray()));
    }

    /** The text itself, if it can be encoded and given to the operating system. */
    static String requireText(String text) {
        Utf8.encode(text);
        return requireNoNul(text);
    }

    private static String requireNoNul(String text) {
        if (text.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("a NUL character cannot be part of an address");
        }
        return text;
    }

    private static boolean isLetterOrDigit(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    }
}

package org.jvmipc.process;

import java.nio.charset.StandardCharsets;

/**
 * The words of the control channel, a pair of pipes beside the child's standard streams. Lines of UTF-8:
 *
 * <pre>
 * child to parent:   hello                    the child holds its ends of the channel
 *                    ready                    the application is ready; the last word
 * parent to child:   argument VALUE           one more argument of main
 *                    address NAME VALUE       an endpoint handed over
 *                    end                      that was all; what follows is end of file, when the parent is gone
 * </pre>
 *
 * <p>Values are escaped so that none holds the end of a line.
 */
final class ControlLines {
    /** The system property by which a child finds the channel: {@code version:pid:startTime:readFd:writeFd:flags}. */
    static final String PROPERTY = "org.jvmipc.parent";

    static final String VERSION = "1";

    static final char DETACHED = 'd';
    static final char OWN_GROUP = 'g';
    static final char DATA_STDIN = 'i';
    static final char DATA_STDOUT = 'o';

    static final String HELLO = "hello";
    static final String READY = "ready";
    static final String ARGUMENT = "argument ";
    static final String ADDRESS = "address ";
    static final String END = "end";

    private ControlLines() {}

    /** A line as it goes over the channel. */
    static byte[] bytes(String line) {
        return line.concat("\n").getBytes(StandardCharsets.UTF_8);
    }

    static String escape(String value) {
        return value.replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "\\r");
    }

    static String unescape(String escaped) {
        if (escaped.indexOf('\\') < 0) {
            return escaped;
        }
        StringBuilder value = new StringBuilder(escaped.length());
        for (int i = 0; i < escaped.length(); i++) {
            char next = escaped.charAt(i);
            if (next == '\\' && i + 1 < escaped.length()) {
                i++;
                char code = escaped.charAt(i);
                next = code == 'n' ? '\n' : code == 'r' ? '\r' : code;
            }
            value.append(next);
        }
        return value.toString();
    }
}

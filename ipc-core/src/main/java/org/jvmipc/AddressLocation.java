package org.jvmipc;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What stands between the colon and the question mark of an {@link Address}, decoded and checked: a bare name, a number,
 * an absolute path, or a host and a port. Anything else is refused here, with the reason.
 *
 * <p><b>Thread safety.</b> Immutable.
 */
final class AddressLocation {
    /** The forms a location can have. */
    enum Form {
        NAME,
        NUMBER,
        PATH,
        HOST_AND_PORT
    }

    private static final int LONGEST_NAME_CHARS = 64;
    private static final int LARGEST_PORT = 65_535;
    private static final Pattern NOT_IN_A_NAME = Pattern.compile("[^A-Za-z0-9._-]");
    private static final Pattern DIGITS = Pattern.compile("[0-9]+");
    private static final Pattern SLASHES = Pattern.compile("/+");
    private static final Pattern HOST = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*");
    private static final Pattern IPV6 = Pattern.compile("\\[([0-9A-Fa-f:.]+)(%[A-Za-z0-9._-]+)?]");

    private final Form form;
    private final String text;
    private final @Nullable String host;
    private final int port;

    private AddressLocation(Form form, String text, @Nullable String host, int port) {
        this.form = form;
        this.text = text;
        this.host = host;
        this.port = port;
    }

    /**
     * Checks a location.
     *
     * @param text the location, decoded
     * @throws IllegalArgumentException with the reason as its message
     */
    static AddressLocation of(String text) {
        if (text.startsWith("//")) {
            return hostAndPort(text);
        }
        if (text.startsWith("/")) {
            return path(text);
        }
        if (text.isEmpty()) {
            throw new IllegalArgumentException(
                    "nothing behind the colon; write a name, an absolute path or //host:port");
        }
        if (text.indexOf('/') >= 0 || text.equals("..") || text.equals(".") || text.equals("~")) {
            throw new IllegalArgumentException("a relative path, which another process would look for elsewhere; "
                    + "write an absolute one, with a slash right behind the colon");
        }
        return name(text);
    }

    private static AddressLocation name(String text) {
        if (NOT_IN_A_NAME.matcher(text).find()) {
            throw new IllegalArgumentException(
                    "a name has only letters, digits, dots, underscores and hyphens (ASCII)");
        }
        if (text.length() > LONGEST_NAME_CHARS) {
            throw new IllegalArgumentException(
                    "the name has " + text.length() + " characters; " + LONGEST_NAME_CHARS + " are allowed");
        }
        if (text.startsWith(".")) {
            throw new IllegalArgumentException("a name does not begin with a dot");
        }
        Form form = DIGITS.matcher(text).matches() ? Form.NUMBER : Form.NAME;
        return new AddressLocation(form, text, null, -1);
    }

    /** One spelling for one file, as far as that needs no look at the file system: no doubled and no last slash. */
    private static AddressLocation path(String text) {
        String path = SLASHES.matcher(text).replaceAll("/");
        boolean slashLast = path.length() > 1 && path.endsWith("/");
        return new AddressLocation(Form.PATH, slashLast ? path.substring(0, path.length() - 1) : path, null, -1);
    }

    private static AddressLocation hostAndPort(String text) {
        int bracket = text.lastIndexOf(']');
        int colon = text.indexOf(':', bracket < 0 ? 2 : bracket);
        if (colon < 0) {
            throw new IllegalArgumentException("no port; write //host:port (a file's path begins with one slash)");
        }
        if (bracket < 0 && text.indexOf(':', colon + 1) >= 0) {
            throw new IllegalArgumentException(
                    "more than one colon; write an IPv6 address in brackets, as //[::1]:7000");
        }
        String host = host(text.substring(2, colon));
        int port = port(text.substring(colon + 1));
        String shown = host.indexOf(':') < 0 ? host : "[" + host + "]";
        return new AddressLocation(Form.HOST_AND_PORT, "//" + shown + ":" + port, host, port);
    }

    private static String host(String text) {
        if (HOST.matcher(text).matches()) {
            return text.toLowerCase(Locale.ROOT);
        }
        var ipv6 = IPV6.matcher(text);
        if (ipv6.matches() && isIpv6(ipv6.group(1))) {
            String zone = ipv6.group(2); // an interface's name, where case counts
            return ipv6.group(1).toLowerCase(Locale.ROOT) + (zone == null ? "" : zone);
        }
        throw new IllegalArgumentException(
                text.isEmpty() ? "no host; write //host:port" : "the host is neither a name nor an address");
    }

    private static boolean isIpv6(String literal) {
        try {
            // In brackets it is taken for an address only: nothing is looked up.
            return literal.indexOf(':') >= 0 && InetAddress.getByName("[" + literal + "]") != null;
        } catch (UnknownHostException e) {
            return false;
        }
    }

    private static int port(String digits) {
        boolean fits = DIGITS.matcher(digits).matches() && digits.length() <= 5;
        int port = fits ? Integer.parseInt(digits) : -1;
        if (port < 0 || port > LARGEST_PORT) {
            throw new IllegalArgumentException("the port is no number from 0 to " + LARGEST_PORT);
        }
        return port;
    }

    Form form() {
        return form;
    }

    /** The location in its one spelling, decoded. */
    String text() {
        return text;
    }

    /**
     * The path that the text is.
     *
     * @throws IllegalArgumentException with the reason, if this JVM cannot express it
     */
    Path path() {
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException(
                    "no file name in this JVM's encoding, " + System.getProperty("sun.jnu.encoding")
                            + "; a UTF-8 locale (LC_ALL=C.UTF-8) has it",
                    e);
        }
    }

    /** The location as it stands in an address. */
    String encoded() {
        return PercentEncoding.encode(text, form == Form.HOST_AND_PORT ? "[]" : "");
    }

    /** The host, an IPv6 address without its brackets; null in another form. */
    @Nullable
    String host() {
        return host;
    }

    /** The port, or -1 in another form. */
    int port() {
        return port;
    }
}

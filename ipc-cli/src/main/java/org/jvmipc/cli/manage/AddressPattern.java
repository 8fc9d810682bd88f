package org.jvmipc.cli.manage;

import java.util.regex.Pattern;
import org.jvmipc.Address;

/**
 * Which objects {@code ipc ls} shows: a pattern as the shell's, with {@code *} and {@code ?}, for the address or for what stands
 * behind its colon; or the name of a scheme.
 */
final class AddressPattern {
    private final String text;
    private final Pattern pattern;

    AddressPattern(String text) {
        this.text = text;
        StringBuilder expression = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '*' -> expression.append(".*");
                case '?' -> expression.append('.');
                default -> expression.append(Pattern.quote(String.valueOf(c)));
            }
        }
        this.pattern = Pattern.compile(expression.toString(), Pattern.DOTALL);
    }

    /** Whether it asks for objects of this scheme in particular. */
    boolean isOf(String scheme) {
        return text.equals(scheme) || text.equals(scheme + "*") || text.startsWith(scheme + ":");
    }

    boolean matches(Address address) {
        return text.equals(address.scheme())
                || text.equals(address.scheme() + ":")
                || pattern.matcher(address.toString()).matches()
                || pattern.matcher(address.location()).matches();
    }
}

package org.jvmipc.cli.demo;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Numbers as a person reads them, in ASCII whatever the locale. */
public final class Words {
    private static final long[] NANOS_PER_UNIT = {1_000_000_000L, 1_000_000L, 1_000L};
    private static final String[] DURATION_UNITS = {"s", "ms", "us"};
    private static final String[] RATE_UNITS = {"B", "kB", "MB", "GB", "TB"};

    private Words() {}

    /** A count with commas: {@code 20,000}. */
    public static String count(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    /** A count with its noun: {@code 1 message}, {@code 20,000 messages}. */
    public static String count(long number, String noun) {
        return count(number) + " " + noun + (number == 1 ? "" : "s");
    }

    /** A duration with three digits or so: {@code 1.23 ms}. */
    public static String duration(long nanos) {
        for (int i = 0; i < DURATION_UNITS.length; i++) {
            if (nanos >= NANOS_PER_UNIT[i]) {
                return threeDigits((double) nanos / NANOS_PER_UNIT[i]) + " " + DURATION_UNITS[i];
            }
        }
        return nanos + " ns";
    }

    /** So many a second, of things that took so long: {@code 105,000}. */
    static String rate(long count, long nanos) {
        return count(Math.round(perSecond(count, nanos)));
    }

    /** Bytes a second in powers of 1000: {@code 9.70 MB/s}. */
    static String byteRate(long bytes, long nanos) {
        double value = perSecond(bytes, nanos);
        int unit = 0;
        while (value >= 1000 && unit < RATE_UNITS.length - 1) {
            value /= 1000;
            unit++;
        }
        return threeDigits(value) + " " + RATE_UNITS[unit] + "/s";
    }

    /** So many messages a second, and so many bytes of payload: {@code 105,000 messages/s, 9.70 MB/s of payload}. */
    public static String rates(long messages, int payloadBytes, long nanos) {
        return rate(messages, nanos) + " messages/s"
                + (payloadBytes == 0 ? "" : ", " + byteRate(messages * payloadBytes, nanos) + " of payload");
    }

    /** How often and how long somebody has waited. */
    public static String waited(String who, long count, long nanos) {
        return count == 0
                ? who + " never waited"
                : who + " waited " + count(count, "time") + ", " + duration(nanos) + " in all";
    }

    /** Things in a row, with semicolons. */
    public static String list(List<?> things) {
        return things.stream().map(Object::toString).collect(Collectors.joining("; "));
    }

    /** So many a second. */
    static double perSecond(long count, long nanos) {
        return nanos <= 0 ? 0 : count * 1e9 / nanos;
    }

    private static String threeDigits(double value) {
        int decimals = value >= 100 ? 0 : value >= 10 ? 1 : 2;
        return String.format(Locale.ROOT, "%." + decimals + "f", value);
    }
}

package org.jvmipc.internal;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Sizes and durations as text, the same in addresses and on the command line: {@code 64k}, {@code 200ms}.
 *
 * <p>What the format methods write, the parse methods read back as the same value.
 *
 * <p><b>Thread safety.</b> Stateless.
 */
public final class Units {
    private static final Pattern SIZE = Pattern.compile("([0-9]+)([kKmMgG]?)");
    private static final Pattern DURATION = Pattern.compile("([0-9]+)(ns|us|ms|s|m|h|d)");
    private static final String SIZE_UNITS = "kmg";
    private static final int BITS_PER_SIZE_UNIT = 10;
    private static final String[] DURATION_UNITS = {"d", "h", "m", "s", "ms", "us", "ns"};
    private static final long[] NANOS_PER_UNIT = {
        86_400_000_000_000L, 3_600_000_000_000L, 60_000_000_000L, 1_000_000_000L, 1_000_000L, 1_000L, 1L
    };

    private Units() {}

    /**
     * Reads a size: a whole number of bytes, or of the powers of 1024 {@code k}, {@code m} and {@code g}, small or
     * capital.
     *
     * @return bytes, 0 or more
     * @throws IllegalArgumentException if the text is no size, or one of 8 EiB or more; the message names it
     */
    public static long parseSize(String text) {
        Matcher matcher = SIZE.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    Quoted.of(text) + " is no size; write bytes, or as 64k, 16m, 1g (powers of 1024)");
        }
        int power = matcher.group(2).isEmpty()
                ? 0
                : SIZE_UNITS.indexOf(matcher.group(2).charAt(0) | 0x20) + 1;
        try {
            return Math.multiplyExact(Long.parseLong(matcher.group(1)), 1L << (power * BITS_PER_SIZE_UNIT));
        } catch (NumberFormatException | ArithmeticException e) {
            throw new IllegalArgumentException(
                    Quoted.of(text) + " is too large; the largest size is " + Long.MAX_VALUE + " bytes", e);
        }
    }

    /**
     * Writes a size in the largest unit that expresses it exactly: 65536 is {@code 64k}, 65537 is {@code 65537}.
     *
     * @param bytes 0 or more
     * @throws IllegalArgumentException if negative
     */
    public static String formatSize(long bytes) {
        if (bytes < 0) {
            throw new IllegalArgumentException("size is " + bytes + "; it must not be negative");
        }
        int power =
                bytes == 0 ? 0 : Math.min(Long.numberOfTrailingZeros(bytes) / BITS_PER_SIZE_UNIT, SIZE_UNITS.length());
        return (bytes >> (power * BITS_PER_SIZE_UNIT)) + (power == 0 ? "" : SIZE_UNITS.substring(power - 1, power));
    }

    /**
     * Reads a duration: a whole number and its unit, {@code ns us ms s m h} or {@code d}; zero needs no unit.
     *
     * @return zero or more, at most {@link Long#MAX_VALUE} nanoseconds (292 years)
     * @throws IllegalArgumentException if the text is no duration, or a longer one; the message names it
     */
    public static Duration parseDuration(String text) {
        if (text.equals("0")) {
            return Duration.ZERO;
        }
        Matcher matcher = DURATION.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    Quoted.of(text) + " is no duration; write it with its unit, as 100us, 200ms, 5s, 1m, 1h, 2d");
        }
        try {
            long nanosPerUnit = nanosPerUnit(matcher.group(2));
            return Duration.ofNanos(Math.multiplyExact(Long.parseLong(matcher.group(1)), nanosPerUnit));
        } catch (NumberFormatException | ArithmeticException e) {
            throw new IllegalArgumentException(Quoted.of(text) + " is too long; the longest duration is 106751d", e);
        }
    }

    private static long nanosPerUnit(String unit) {
        int index = 0;
        while (!DURATION_UNITS[index].equals(unit)) {
            index++;
        }
        return NANOS_PER_UNIT[index];
    }

    /**
     * Writes a duration in the largest unit that expresses it exactly: 90 seconds is {@code 90s}, two minutes {@code 2m}.
     * One longer than {@link Long#MAX_VALUE} nanoseconds is written as that.
     *
     * @throws IllegalArgumentException if negative
     */
    public static String formatDuration(Duration duration) {
        if (duration.isNegative()) {
            throw new IllegalArgumentException("duration is " + duration + "; it must not be negative");
        }
        long nanos = duration.compareTo(Duration.ofNanos(Long.MAX_VALUE)) > 0 ? Long.MAX_VALUE : duration.toNanos();
        if (nanos == 0) {
            return "0s";
        }
        int index = 0;
        while (nanos % NANOS_PER_UNIT[index] != 0) {
            index++;
        }
        return nanos / NANOS_PER_UNIT[index] + DURATION_UNITS[index];
    }
}

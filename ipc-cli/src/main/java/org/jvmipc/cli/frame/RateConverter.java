package org.jvmipc.cli.frame;

import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jvmipc.internal.Quoted;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a rate, {@code 100}, {@code 0.5}, {@code 10k}, {@code 30/m}, as the time from one to the next. */
public final class RateConverter implements ITypeConverter<Duration> {
    private static final Pattern RATE = Pattern.compile("([0-9]{1,12}(?:\\.[0-9]{1,9})?)([kKmM]?)(?:/([smh]))?");
    private static final double NANOS_PER_SECOND = 1e9;

    @Override
    public Duration convert(String value) {
        Matcher matcher = RATE.matcher(value);
        if (!matcher.matches()) {
            throw new TypeConversionException(
                    Quoted.of(value) + " is no rate; write it as 100, 0.5 or 10k a second, 30/m, 1/h");
        }
        double units = Double.parseDouble(matcher.group(1))
                * switch (matcher.group(2).toLowerCase(Locale.ROOT)) {
                    case "k" -> 1e3;
                    case "m" -> 1e6;
                    default -> 1;
                };
        String per = matcher.group(3);
        double seconds = per == null || per.equals("s") ? 1 : per.equals("m") ? 60 : 3600;
        double nanos = seconds / units * NANOS_PER_SECOND;
        if (!(nanos <= Long.MAX_VALUE / 4d)) {
            throw new TypeConversionException(Quoted.of(value) + " is too small; it must be more than 0");
        }
        return Duration.ofNanos(Math.max(1, (long) nanos));
    }
}

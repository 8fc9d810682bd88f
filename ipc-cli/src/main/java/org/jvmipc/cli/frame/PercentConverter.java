package org.jvmipc.cli.frame;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jvmipc.internal.Quoted;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a share, {@code 30%}, {@code 0.5%}, as a probability. */
public final class PercentConverter implements ITypeConverter<Double> {
    private static final Pattern PERCENT = Pattern.compile("([0-9]{1,3}(?:\\.[0-9]{1,9})?)%");
    private static final double WHOLE = 100;

    @Override
    public Double convert(String value) {
        Matcher matcher = PERCENT.matcher(value);
        double percent = matcher.matches() ? Double.parseDouble(matcher.group(1)) : WHOLE + 1;
        if (percent > WHOLE) {
            throw new TypeConversionException(Quoted.of(value) + " is no share; write it as 5%, 0.5%, up to 100%");
        }
        return percent / WHOLE;
    }
}

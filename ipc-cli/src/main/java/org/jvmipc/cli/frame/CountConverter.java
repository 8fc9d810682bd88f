package org.jvmipc.cli.frame;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jvmipc.internal.Quoted;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a count: {@code 500}, {@code 10k}, {@code 1m}. Decimal, unlike a size: 10k messages are ten thousand. */
public class CountConverter implements ITypeConverter<Long> {
    private static final Pattern COUNT = Pattern.compile("([0-9]+)([kKmMgG]?)");
    private static final String UNITS = "kmg";
    private static final long PER_UNIT = 1000;

    private final long smallest;

    /** Of 1 and more. */
    public CountConverter() {
        this(1);
    }

    private CountConverter(long smallest) {
        this.smallest = smallest;
    }

    /** The same, with 0 for no limit. */
    public static final class OrZero extends CountConverter {
        /** Of 0 and more. */
        public OrZero() {
            super(0);
        }
    }

    @Override
    public Long convert(String value) {
        Matcher matcher = COUNT.matcher(value);
        if (!matcher.matches()) {
            throw new TypeConversionException(Quoted.of(value) + " is no count; write it as 500, 10k, 1m");
        }
        try {
            long count = Long.parseLong(matcher.group(1));
            int units = matcher.group(2).isEmpty()
                    ? 0
                    : UNITS.indexOf(matcher.group(2).charAt(0) | 0x20) + 1;
            for (int i = 0; i < units; i++) {
                count = Math.multiplyExact(count, PER_UNIT);
            }
            if (count < smallest) {
                throw new TypeConversionException(Quoted.of(value) + " is too small; at least " + smallest);
            }
            return count;
        } catch (NumberFormatException | ArithmeticException e) {
            throw new TypeConversionException(Quoted.of(value) + " is too large");
        }
    }
}

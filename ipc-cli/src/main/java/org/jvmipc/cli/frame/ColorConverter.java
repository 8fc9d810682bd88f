package org.jvmipc.cli.frame;

import java.util.List;
import java.util.Locale;
import org.jvmipc.internal.Quoted;
import org.jvmipc.internal.Suggestions;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads the value of {@code --color}. */
public final class ColorConverter implements ITypeConverter<Palette.Mode> {
    private static final List<String> WORDS = List.of("auto", "always", "never");

    @Override
    public Palette.Mode convert(String value) {
        if (!WORDS.contains(value)) {
            String near = Suggestions.nearest(value, WORDS);
            throw new TypeConversionException(Quoted.of(value) + " is none of auto, always, never"
                    + (near == null ? "" : "; did you mean " + near + "?"));
        }
        return Palette.Mode.valueOf(value.toUpperCase(Locale.ROOT));
    }
}

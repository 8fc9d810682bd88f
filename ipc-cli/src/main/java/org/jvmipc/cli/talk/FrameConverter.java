package org.jvmipc.cli.talk;

import java.util.ArrayList;
import java.util.List;
import org.jvmipc.internal.Quoted;
import org.jvmipc.internal.Suggestions;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads the value of {@code -f}. */
final class FrameConverter implements ITypeConverter<Frame> {
    @Override
    public Frame convert(String value) {
        List<String> words = new ArrayList<>();
        for (Frame frame : Frame.values()) {
            if (frame.word().equals(value)) {
                return frame;
            }
            words.add(frame.word());
        }
        String near = Suggestions.nearest(value, words);
        throw new TypeConversionException(Quoted.of(value) + " is none of " + String.join(", ", words)
                + (near == null ? "" : "; did you mean " + near + "?"));
    }
}

package org.jvmipc.cli;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The command line as UTF-8, whatever the locale. The JVM decodes it by the locale, and under {@code LC_ALL=C} replaces what is
 * not ASCII: a message would arrive changed. The bytes themselves are in {@code /proc/self/cmdline}.
 */
final class Arguments {
    private static final Path COMMAND_LINE = Path.of("/proc/self/cmdline");

    private Arguments() {}

    /** The same arguments, of their bytes where they are not all ASCII; as they are where these cannot be told. */
    static String[] exact(String[] args) {
        if (isAscii(args)) {
            return args;
        }
        try {
            return exact(args, Files.readAllBytes(COMMAND_LINE));
        } catch (IOException e) {
            return args;
        }
    }

    /** The last ones of a command line, each of which ends with a zero byte. */
    static String[] exact(String[] args, byte[] commandLine) {
        List<String> words = new ArrayList<>();
        int from = 0;
        for (int i = 0; i < commandLine.length; i++) {
            if (commandLine[i] == 0) {
                try {
                    words.add(StandardCharsets.UTF_8
                            .newDecoder()
                            .decode(ByteBuffer.wrap(commandLine, from, i - from))
                            .toString());
                } catch (CharacterCodingException e) {
                    return args; // not UTF-8: as the locale has it
                }
                from = i + 1;
            }
        }
        int first = words.size() - args.length;
        return first < 0 ? args : words.subList(first, words.size()).toArray(new String[0]);
    }

    private static boolean isAscii(String[] args) {
        for (String arg : args) {
            for (int i = 0; i < arg.length(); i++) {
                if (arg.charAt(i) > 0x7e) {
                    return false;
                }
            }
        }
        return true;
    }
}

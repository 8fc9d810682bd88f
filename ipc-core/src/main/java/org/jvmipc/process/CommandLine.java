package org.jvmipc.process;

import java.io.File;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.jvmipc.Ipc;

/**
 * The command that starts a child. Options too long for a command line go through an argument file of the
 * {@code java} command; arguments of main that it cannot carry unchanged (it is encoded by the locale, and bounded by the
 * kernel) go through the control channel.
 *
 * @param words the command
 * @param argumentFile the file that holds its options, to be deleted when the child runs; null if there is none
 * @param viaChannel the arguments of main that are not in the words
 */
record CommandLine(List<String> words, @Nullable Path argumentFile, List<String> viaChannel) {
    private static final int LONG_CLASS_PATH_CHARS = 32 * 1024;
    private static final int LONG_OPTIONS_CHARS = 64 * 1024;
    private static final int LONG_ARGUMENTS_CHARS = 32 * 1024;

    /** Where JNA unpacks or finds its library: what the parent needed, the child needs too. */
    private static final List<String> NATIVE_LAYER = List.of(
            "jna.tmpdir",
            "jna.boot.library.path",
            "jna.library.path",
            "jna.platform.library.path",
            "jna.nosys",
            "jna.nounpack");

    /** What the JVM has to say would get between the data, before any code of ours runs: its messages, and its log. */
    private static final List<String> MESSAGES_TO_STDERR =
            List.of("-XX:+DisplayVMOutputToStderr", "-Xlog:all=warning:stderr");

    /** The last word on the log, whatever else is asked for. */
    private static final String NO_LOG_TO_STDOUT = "-Xlog:all=off:stdout";

    static CommandLine of(JvmLauncher launcher, Path java, String property) throws IOException {
        List<String> words = new ArrayList<>();
        words.add(java.toString());
        List<String> options = options(launcher);
        Path file = null;
        if (length(options) > LONG_OPTIONS_CHARS || launcher.classPath.length() > LONG_CLASS_PATH_CHARS) {
            file = writeArgumentFile(options);
            words.add("@" + file);
        } else {
            words.addAll(options);
        }
        words.add("-D" + ControlLines.PROPERTY + "=" + property);
        words.add(ChildStart.class.getName());
        words.add(launcher.mainClass);
        if (isPlain(launcher.arguments)) {
            words.addAll(launcher.arguments);
            return new CommandLine(List.copyOf(words), file, List.of());
        }
        return new CommandLine(List.copyOf(words), file, List.copyOf(launcher.arguments));
    }

    private static List<String> options(JvmLauncher launcher) {
        List<String> options = new ArrayList<>();
        if (launcher.inheritsJvmArguments) {
            options.addAll(InheritedArguments.ofThisJvm());
        }
        for (String name : NATIVE_LAYER) {
            String value = System.getProperty(name);
            if (value != null) {
                options.add("-D" + name + "=" + value);
            }
        }
        options.add("--enable-native-access=ALL-UNNAMED");
        if (launcher.connectedStdout != null) {
            options.addAll(MESSAGES_TO_STDERR);
        }
        options.addAll(Ipc.jvmArguments());
        options.addAll(launcher.jvmArguments);
        if (launcher.connectedStdout != null) {
            options.add(NO_LOG_TO_STDOUT);
        }
        options.add("-classpath");
        options.add(launcher.classPath);
        return options;
    }

    private static int length(List<String> words) {
        return words.stream().mapToInt(word -> word.length() + 1).sum();
    }

    /** Whether every locale can encode them and the kernel takes them. */
    private static boolean isPlain(List<String> arguments) {
        return length(arguments) <= LONG_ARGUMENTS_CHARS
                && arguments.stream()
                        .allMatch(argument -> argument.chars().allMatch(each -> each >= ' ' && each <= '~'));
    }

    /** The entries made absolute, because the child may have another directory; an empty one is the directory itself. */
    static String absoluteClassPath(String classPath) {
        StringBuilder absolute = new StringBuilder();
        for (String entry : classPath.split(File.pathSeparator, -1)) {
            absolute.append(absolute.length() == 0 ? "" : File.pathSeparator).append(new File(entry).getAbsolutePath());
        }
        return absolute.toString();
    }

    private static Path createArgumentFile() throws IOException {
        try {
            return Files.createTempFile("ipc-", ".args"); // 0600
        } catch (IOException e) {
            throw new IOException("cannot create an argument file: " + e, e);
        }
    }

    private static Path writeArgumentFile(List<String> options) throws IOException {
        Path file = createArgumentFile();
        StringBuilder text = new StringBuilder();
        for (String option : options) {
            text.append(quote(option)).append('\n');
        }
        try {
            Files.write(file, text.toString().getBytes(nativeCharset()));
        } catch (IOException e) {
            Files.deleteIfExists(file);
            throw e;
        }
        return file;
    }

    /** The launcher reads bytes and hands them to the JVM, which takes them as the locale's. */
    static Charset nativeCharset() {
        try {
            return Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8"));
        } catch (IllegalArgumentException e) {
            return StandardCharsets.UTF_8;
        }
    }

    /** By the rules of the java command's argument files: in quotes a backslash takes the next character as it is. */
    static String quote(String option) {
        StringBuilder quoted = new StringBuilder("\"");
        for (int i = 0; i < option.length(); i++) {
            char next = option.charAt(i);
            switch (next) {
                case '"', '\\' -> quoted.append('\\').append(next);
                case '\n' -> quoted.append("\\n");
                case '\r' -> quoted.append("\\r");
                case '\t' -> quoted.append("\\t");
                case '\f' -> quoted.append("\\f");
                default -> quoted.append(next);
            }
        }
        return quoted.append('"').toString();
    }
}

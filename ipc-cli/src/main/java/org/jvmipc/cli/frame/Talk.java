package org.jvmipc.cli.frame;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** Standard error: what the command says to the person. That nobody listens is no failure. */
public final class Talk {
    private static final int FD = 2;

    private final FileOutputStream err = new FileOutputStream(FileDescriptor.err);
    private final GlobalOptions options;

    public Talk(GlobalOptions options) {
        this.options = options;
    }

    /** Says what is going on, with {@code -v}. */
    public void detail(String text) {
        if (options.verbose()) {
            write("ipc: " + text + "\n");
        }
    }

    /** Says what went wrong without ending the command. */
    public void warn(String text) {
        if (options.json()) {
            Map<String, Object> warning = new LinkedHashMap<>();
            warning.put("schema", "ipc.warning/1");
            warning.put("message", text);
            write(Json.line(warning) + "\n");
        } else {
            write("ipc: " + text + "\n");
        }
    }

    /**
     * Reports a failure in the form asked for; with {@code -v} also where it came from. Says nothing while a signal ends
     * this JVM: what fails then fails because of it.
     *
     * @return its exit code
     */
    public int failure(Failure failure, Throwable cause) {
        if (isEnding()) {
            return failure.kind().exit();
        }
        if (options.json()) {
            write(Json.line(failure.toMap()) + "\n");
        } else {
            Palette palette = Palette.of(options.color(), FD, System.getenv());
            write(palette.paint(Palette.Meaning.BAD, "ipc:") + " " + failure.toText());
        }
        if (options.verbose()) {
            write(trace(cause));
        }
        return failure.kind().exit();
    }

    private static boolean isEnding() {
        Thread probe = new Thread();
        try {
            Runtime.getRuntime().addShutdownHook(probe);
            Runtime.getRuntime().removeShutdownHook(probe);
            return false;
        } catch (IllegalStateException e) {
            return true; // hooks are refused once they run
        }
    }

    /** The stack trace as it would be printed. */
    public static String trace(Throwable cause) {
        StringWriter text = new StringWriter();
        cause.printStackTrace(new PrintWriter(text, true));
        return text.toString();
    }

    public void write(String text) {
        try {
            err.write(text.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            // there is nowhere left to say so
        }
    }
}

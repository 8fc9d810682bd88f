package org.jvmipc.cli.frame;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.jvmipc.Address;
import org.jvmipc.AddressException;
import org.jvmipc.CorruptDataException;
import org.jvmipc.LimitException;
import org.jvmipc.OsException;
import org.jvmipc.PeerGoneException;
import org.jvmipc.UnsupportedMechanismException;
import org.jvmipc.cli.demo.DemoTimeoutException;
import org.jvmipc.internal.Quoted;
import org.jvmipc.internal.posix.Errno;
import org.jvmipc.mq.InboxTakenException;
import org.jvmipc.mq.StalledProcessException;
import org.jvmipc.process.ChildFailedException;

/**
 * What went wrong, in the words of the command: {@code ipc: <what> <address>: <why> (ERRNO)} and lines of
 * {@code fix: ...}.
 *
 * @param message all behind {@code ipc: }
 * @param errno the error's name, where the operating system said it
 * @param address the endpoint it is about, where there is one
 * @param fixes what a person can do about it
 */
public record Failure(
        ErrorKind kind, String message, @Nullable String errno, @Nullable String address, List<String> fixes) {
    public static final String SCHEMA = "ipc.error/1";

    private static final Pattern ERRNO = Pattern.compile("\\((E[A-Z0-9]+)\\)");

    /** A failure without an address; its errno stands in the message, if there is one. */
    public static Failure of(ErrorKind kind, String message, String... fixes) {
        Matcher errno = ERRNO.matcher(message);
        return new Failure(kind, message, errno.find() ? errno.group(1) : null, null, List.of(fixes));
    }

    public Failure withAddress(String text) {
        return new Failure(kind, message, errno, text, fixes);
    }

    /**
     * What this exception says of a verb's work on an endpoint: {@code <verb> <address>: <why> (ERRNO)}.
     *
     * @param fixes what a person can do about it, besides what the exception says
     */
    public static Failure of(String verb, Address address, Throwable error, String... fixes) {
        String name = address.withoutParameters().toString();
        Failure failure = error instanceof OsException e ? ofErrno(e) : of(error);
        // With whatever parameters it was opened: it has been named.
        String why = failure.message().replaceFirst("^\"?" + Pattern.quote(name) + "(\\?\\S*)?\"?: ", "");
        List<String> all = new ArrayList<>(failure.fixes());
        all.addAll(List.of(fixes));
        return new Failure(failure.kind(), verb + " " + name + ": " + why, failure.errno(), name, List.copyOf(all));
    }

    /** Of a call on the endpoint itself: what is told is the reason, and with an unusual one the call. */
    private static Failure ofErrno(OsException e) {
        ErrorKind kind = ErrorKind.ofErrno(e.errno());
        String call = kind == ErrorKind.FAILED && e.errno() != Errno.EEXIST ? e.call() + ": " : "";
        return of(kind, call + Errno.text(e.errno()) + " (" + e.errnoName() + ")");
    }

    /** The same, with something put behind. */
    public Failure with(String more) {
        return more.isEmpty() ? this : new Failure(kind, message + more, errno, address, fixes);
    }

    /** The same, with what it happened in put first. */
    public Failure in(String what) {
        return new Failure(kind, what + ": " + message, errno, address, fixes);
    }

    /** What this exception says. */
    public static Failure of(Throwable error) {
        if (error instanceof CommandException e) {
            return e.failure();
        }
        if (error instanceof OsException e) {
            return ofCall(e);
        }
        if (error instanceof LimitException e) {
            return ofLimit(e);
        }
        if (error instanceof PeerGoneException e) {
            return of(ErrorKind.PEER_GONE, text(e)).withAddress(e.address().toString());
        }
        if (error instanceof AddressException e) {
            return ofAddress(e);
        }
        if (error instanceof OutOfMemoryError) {
            return of(ErrorKind.LIMIT, "out of memory: " + text(error), "give the JVM more: JAVA_TOOL_OPTIONS=-Xmx...");
        }
        return ofOther(error);
    }

    private static Failure ofOther(Throwable error) {
        if (error instanceof UnsupportedMechanismException) {
            return of(ErrorKind.UNSUPPORTED, text(error));
        }
        if (error instanceof CorruptDataException) {
            return of(ErrorKind.CORRUPT, text(error));
        }
        if (error instanceof ChildFailedException) {
            return of(ErrorKind.CHILD_FAILED, text(error));
        }
        if (error instanceof DemoTimeoutException e) {
            return of(ErrorKind.TIMED_OUT, text(e), e.fix());
        }
        if (error instanceof StalledProcessException e) {
            String[] fixes = e.pid().isPresent()
                    ? new String[] {"let it go on: kill -CONT " + e.pid().getAsLong()}
                    : new String[0];
            return of(ErrorKind.TIMED_OUT, text(error), fixes);
        }
        if (error instanceof InboxTakenException) {
            return of(ErrorKind.BUSY, text(error), "end that process first, or take another name");
        }
        if (error instanceof TimeoutException) {
            return of(ErrorKind.TIMED_OUT, text(error));
        }
        if (error instanceof NoSuchFileException) {
            return file(Errno.ENOENT, text(error));
        }
        if (error instanceof AccessDeniedException) {
            return file(Errno.EACCES, text(error));
        }
        if (error instanceof IOException) {
            String[] fixes = OpenFiles.isTold(error) ? new String[] {OpenFiles.FIX} : new String[0];
            return of(kindByText(text(error)), text(error), fixes);
        }
        if (error instanceof LinkageError && OpenFiles.areShort(error)) {
            return tooFewFiles(error);
        }
        if (error instanceof UnsatisfiedLinkError) {
            return of(ErrorKind.UNSUPPORTED, text(error));
        }
        return of(ErrorKind.INTERNAL, "internal error" + place(error) + ": " + error);
    }

    /** A class or library that could not be loaded because no file could be opened for it. */
    private static Failure tooFewFiles(Throwable error) {
        return of(ErrorKind.LIMIT, OpenFiles.TOO_FEW + " to load what is needed (" + text(error) + ")", OpenFiles.FIX);
    }

    /** The JDK's own exceptions have the system's text for the errno, and nothing else of it. */
    private static ErrorKind kindByText(String text) {
        for (int errno : new int[] {Errno.EMFILE, Errno.ENFILE, Errno.ENOSPC, Errno.ENOMEM, Errno.EACCES}) {
            if (text.contains(Errno.text(errno))) {
                return ErrorKind.ofErrno(errno);
            }
        }
        return ErrorKind.FAILED;
    }

    private static Failure ofCall(OsException e) {
        String object = e.object().substring(e.object().indexOf('=') + 1);
        String what = object.isEmpty() ? e.call() : e.call() + " " + object;
        return of(ErrorKind.ofErrno(e.errno()), what + ": " + Errno.text(e.errno()) + " (" + e.errnoName() + ")");
    }

    /** The message of a limit ends with what would raise it: that is the fix. */
    private static Failure ofLimit(LimitException e) {
        String message = text(e);
        String value = e.limit() + " is " + e.value();
        int remedy = message.indexOf(value + "; ");
        if (remedy < 0) {
            return of(ErrorKind.LIMIT, message);
        }
        int end = remedy + value.length();
        return of(ErrorKind.LIMIT, message.substring(0, end), message.substring(end + 2));
    }

    private static Failure ofAddress(AddressException e) {
        String meant = e.suggestion();
        String message = Quoted.of(e.value()) + ": " + e.reason();
        String[] fixes = meant == null ? new String[0] : new String[] {"did you mean " + meant + "?"};
        return of(ErrorKind.USAGE, message, fixes).withAddress(e.value());
    }

    private static Failure file(int errno, String path) {
        return of(ErrorKind.ofErrno(errno), path + ": " + Errno.text(errno) + " (" + Errno.name(errno) + ")");
    }

    private static String text(Throwable error) {
        String message = error.getMessage();
        return message == null || message.isEmpty() ? error.getClass().getSimpleName() : message;
    }

    private static String place(Throwable error) {
        StackTraceElement[] trace = error.getStackTrace();
        return trace.length == 0 ? "" : " at " + trace[0];
    }

    /** As {@code ipc.error/1}. */
    public Map<String, Object> toMap() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("schema", SCHEMA);
        map.put("code", kind.code());
        map.put("exit", kind.exit());
        if (errno != null) {
            map.put("errno", errno);
        }
        if (address != null) {
            map.put("address", address);
        }
        map.put("message", message);
        map.put("fix", fixes);
        return map;
    }

    /** As lines for a person, the first without its {@code ipc: }. */
    public String toText() {
        StringBuilder text = new StringBuilder(message).append('\n');
        for (String fix : fixes) {
            text.append("  fix: ").append(fix).append('\n');
        }
        return text.toString();
    }
}

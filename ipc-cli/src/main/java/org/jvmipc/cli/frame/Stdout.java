package org.jvmipc.cli.frame;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jvmipc.internal.posix.Errno;

/**
 * Standard output: data, and nothing else. Each call is handed to the kernel at once and its failure noticed;
 * {@code System.out} would go on for ever after its reader has left.
 */
public final class Stdout {
    private static final int FD = 1;
    private static final int LARGEST_ERRNO = 133;

    private final FileOutputStream out;

    public Stdout() {
        this(new FileOutputStream(FileDescriptor.out));
    }

    public Stdout(FileOutputStream out) {
        this.out = out;
    }

    /**
     * Writes the text as UTF-8, whatever the locale.
     *
     * @throws StdoutClosedException if nobody will read it
     * @throws CommandException if it could not be written for another reason, such as a full disk
     */
    public void print(String text) throws StdoutClosedException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        write(bytes, 0, bytes.length);
    }

    /**
     * Writes the bytes.
     *
     * @throws StdoutClosedException as {@link #print}
     * @throws CommandException as {@link #print}
     */
    public void write(byte[] bytes, int offset, int length) throws StdoutClosedException {
        try {
            out.write(bytes, offset, length);
        } catch (IOException e) {
            throw failure(e);
        }
    }

    /** Writes the text as a line. */
    public void line(String text) throws StdoutClosedException {
        print(text + "\n");
    }

    private static CommandException failure(IOException e) throws StdoutClosedException {
        String text = String.valueOf(e.getMessage());
        int errno = errno(text);
        // The text is in the user's language, which the table may not know; a broken pipe is the one failure of a pipe.
        if (errno == Errno.EPIPE || (errno == 0 && Terminal.isPipe(FD))) {
            throw new StdoutClosedException(e);
        }
        if (errno == 0) {
            return new CommandException(Failure.of(ErrorKind.FAILED, "write stdout: " + text));
        }
        String why = "write stdout: " + text + " (" + Errno.name(errno) + ")";
        return new CommandException(Failure.of(ErrorKind.ofErrno(errno), why, fixes(errno)));
    }

    private static String[] fixes(int errno) {
        return switch (errno) {
            case Errno.ENOSPC -> new String[] {"free some space where standard output goes, or send it elsewhere"};
            case Errno.EBADF -> new String[] {"standard output is closed; give it a place to go, '> /dev/null' if none"
            };
            default -> new String[0];
        };
    }

    private static int errno(String text) {
        for (int errno = 1; errno <= LARGEST_ERRNO; errno++) {
            if (Errno.text(errno).equals(text)) {
                return errno;
            }
        }
        return 0;
    }
}

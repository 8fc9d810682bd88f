package org.jvmipc.cli.frame;

/** Ends a verb with a {@link Failure} that is already put into words. */
public final class CommandException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Failure failure;

    public CommandException(Failure failure) {
        super(failure.message());
        this.failure = failure;
    }

    /** A failure, and what it stems from. */
    public CommandException(Failure failure, Throwable cause) {
        super(failure.message(), cause);
        this.failure = failure;
    }

    /** A wrong command line: what is wrong, and how to put it right. */
    public static CommandException usage(String message, String... fixes) {
        return new CommandException(Failure.of(ErrorKind.USAGE, message, fixes));
    }

    public Failure failure() {
        return failure;
    }
}

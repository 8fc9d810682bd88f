package org.jvmipc.cli;

/** Ends a verb with a {@link Failure} that is already put into words. */
final class CommandException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Failure failure;

    CommandException(Failure failure) {
        super(failure.message());
        this.failure = failure;
    }

    /** A wrong command line: what is wrong, and how to put it right. */
    static CommandException usage(String message, String... fixes) {
        return new CommandException(Failure.of(ErrorKind.USAGE, message, fixes));
    }

    Failure failure() {
        return failure;
    }
}

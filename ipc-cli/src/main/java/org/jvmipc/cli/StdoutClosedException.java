package org.jvmipc.cli;

import java.io.IOException;

/** Nobody reads standard output any more ({@code EPIPE}): the command ends quietly, as a C program does by SIGPIPE. */
final class StdoutClosedException extends IOException {
    private static final long serialVersionUID = 1L;

    StdoutClosedException(IOException cause) {
        super("nobody reads standard output any more", cause);
    }
}

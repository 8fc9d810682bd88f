package org.jvmipc.cli.frame;

import java.io.IOException;

/** Nobody reads standard output any more ({@code EPIPE}): the command ends quietly, as a C program does by SIGPIPE. */
public final class StdoutClosedException extends IOException {
    private static final long serialVersionUID = 1L;

    public StdoutClosedException(IOException cause) {
        super("nobody reads standard output any more", cause);
    }
}

package org.jvmipc.cli.talk;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** A printer that several connections have: each message is printed at once, and a failure of it ends the command. */
final class SharedPrinter {
    private final MessagePrinter printer;
    private final Thread main = Thread.currentThread();
    private @Nullable IOException failure;
    private @Nullable RuntimeException refusal;

    /** A printer for threads that the calling one waits for. */
    SharedPrinter(MessagePrinter printer) {
        this.printer = printer;
    }

    synchronized void print(ByteBuffer message) throws IOException {
        try {
            printer.print(message);
            printer.flush();
        } catch (IOException e) {
            failure = e;
            main.interrupt();
            throw e;
        } catch (RuntimeException e) {
            refusal = e;
            main.interrupt();
            throw e;
        }
    }

    /** Whether this is why nothing is printed any more. */
    synchronized boolean isOver(Exception e) {
        return e == failure || e == refusal;
    }

    /** Throws what ended it, if something did. */
    synchronized void check() throws IOException {
        if (failure != null) {
            throw failure;
        }
        if (refusal != null) {
            throw refusal;
        }
    }
}

package org.jvmipc.cli.talk;

import java.io.Closeable;
import java.io.IOException;
import org.jvmipc.cli.frame.WaitOptions;

/** Has messages handled, one after the other, and answers those that are requests. */
interface MessageWorker extends Closeable {
    /**
     * Has the next message handled.
     *
     * @return false if none came in time
     */
    boolean next(WaitOptions options, Intake.BeforeWaiting beforeWaiting) throws IOException, InterruptedException;
}

package org.jvmipc.testkit;

import java.io.IOException;
import org.jvmipc.Codec;
import org.jvmipc.Receiver;
import org.jvmipc.Sender;
import org.jvmipc.process.JvmLauncher;

/** How {@link CrossJvmContract} gets channels to a child that is not started yet. */
public interface CrossJvmHooks extends Claims {
    /** Our receiving end of a channel that the child will open by this name for sending. */
    <T> Receiver<T> receiverFromChild(JvmLauncher launcher, String name, Codec<T> codec)
            throws IOException, InterruptedException;

    /** Our sending end of a channel that the child will open by this name for receiving. */
    <T> Sender<T> senderToChild(JvmLauncher launcher, String name, Codec<T> codec)
            throws IOException, InterruptedException;
}

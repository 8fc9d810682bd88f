package org.jvmipc.testkit;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.jvmipc.Codec;
import org.jvmipc.Receiver;
import org.jvmipc.Sender;
import org.jvmipc.process.ChildJvm;
import org.jvmipc.process.JvmLauncher;

/**
 * What every transport promises between two JVMs: this one and a real child, which runs one of the
 * {@link ChildPrograms}. Its chapters are {@link CrossJvmDataContract} and {@link CrossJvmDeathContract}; see
 * {@link TransportContract} for the rest.
 *
 * <pre>{@code
 * final class PipesCrossJvmTest extends CrossJvmContract {
 *     public <T> Receiver<T> receiverFromChild(JvmLauncher launcher, String name, Codec<T> codec) throws IOException {
 *         return Pipes.fromChild(launcher, name, codec);
 *     }
 *     ...
 * }
 * }</pre>
 */
@ExtendWith(NoLeaks.class)
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
public abstract class CrossJvmContract implements CrossJvmDataContract, CrossJvmDeathContract, NoLeaks.WarmUp {
    @Override
    public abstract <T> Receiver<T> receiverFromChild(JvmLauncher launcher, String name, Codec<T> codec)
            throws IOException, InterruptedException;

    @Override
    public abstract <T> Sender<T> senderToChild(JvmLauncher launcher, String name, Codec<T> codec)
            throws IOException, InterruptedException;

    /** Starts one child, so that what the first one loads is no leak. */
    @Override
    public void warmUp() throws Exception {
        try (ChildJvm child = ChildMain.launcher("sleep").start()) {
            child.awaitReady();
        }
    }
}

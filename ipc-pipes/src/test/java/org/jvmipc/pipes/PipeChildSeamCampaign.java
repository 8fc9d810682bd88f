package org.jvmipc.pipes;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.jvmipc.Codecs;
import org.jvmipc.Receiver;
import org.jvmipc.Sender;
import org.jvmipc.process.ChildJvm;
import org.jvmipc.process.JvmLauncher;
import org.jvmipc.process.ParentJvm;
import org.jvmipc.testkit.ChildMain;
import org.jvmipc.testkit.ChildProgram;
import org.jvmipc.testkit.FaultWalk;

/** The same at every call, with every error that it can have; and a walk that starts a JVM in every round. */
@Timeout(value = 2, unit = TimeUnit.HOURS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class PipeChildSeamCampaign extends PipeChildSeamIT {
    @Test
    void aChildIsStartedTalkedToAndEnded() throws Exception {
        new FaultWalk().everyThread().walk(round -> {
            JvmLauncher launcher = ChildMain.launcher(Echoes.class);
            try (PipeSender<byte[]> out = round.call(() -> Pipes.toStdin(launcher, Codecs.bytes()));
                    PipeReceiver<byte[]> in = round.call(() -> Pipes.fromStdout(launcher, Codecs.bytes()))) {
                if (round.attempt(() -> talk(launcher, out, in))) {
                    return;
                }
            }
            JvmLauncher again = ChildMain.launcher(Echoes.class);
            try (PipeSender<byte[]> out = Pipes.toStdin(again, Codecs.bytes());
                    PipeReceiver<byte[]> in = Pipes.fromStdout(again, Codecs.bytes())) {
                talk(again, out, in);
            }
        });
    }

    private static void talk(JvmLauncher launcher, Sender<byte[]> out, Receiver<byte[]> in) throws Exception {
        try (ChildJvm child = launcher.start()) {
            out.send(message(0));
            assertArrayEquals(message(0), in.receive());
            out.close();
            child.awaitExit();
        }
    }

    static final class Echoes implements ChildProgram {
        @Override
        public void run(ParentJvm parent, String[] arguments) throws Exception {
            try (Receiver<byte[]> in = parent.receiver(Pipes.STDIN, Codecs.bytes());
                    Sender<byte[]> out = parent.sender(Pipes.STDOUT, Codecs.bytes())) {
                parent.ready();
                out.send(in.receive());
            }
        }
    }
}

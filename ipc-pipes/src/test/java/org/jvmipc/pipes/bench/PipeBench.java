package org.jvmipc.pipes.bench;

import java.nio.ByteBuffer;
import org.jvmipc.Codecs;
import org.jvmipc.Receiver;
import org.jvmipc.Sender;
import org.jvmipc.pipes.PipeReceiver;
import org.jvmipc.pipes.PipeSender;
import org.jvmipc.pipes.Pipes;
import org.jvmipc.process.ChildJvm;
import org.jvmipc.process.JvmLauncher;
import org.jvmipc.process.ParentJvm;
import org.jvmipc.testkit.bench.Measurement;

/**
 * How fast framed messages pass between parent and child over the child's standard input and output; see
 * {@link Measurement}.
 *
 * <pre>PIN=same|cross|none CPUS=0,1 config/bench org.jvmipc.pipes.bench.PipeBench rtt|tput|batch SIZE N</pre>
 */
public final class PipeBench {
    private PipeBench() {}

    /** Runs one measurement. */
    @SuppressWarnings("try") // closes early on purpose
    public static void main(String[] words) throws Exception {
        if (words.length != 3) {
            System.err.println("usage: PipeBench rtt|tput|batch SIZE N");
            System.exit(2);
        }
        Measurement measurement = new Measurement("ours.pipe", words[0], words[1], words[2]);
        if (ParentJvm.isPresent()) {
            child(measurement);
            return;
        }
        JvmLauncher launcher = JvmLauncher.of(PipeBench.class)
                .jvmArguments("-XX:+UseSerialGC", "-Xms256m", "-Xmx256m")
                .arguments(words);
        try (PipeSender<ByteBuffer> out = Pipes.toStdin(launcher, Codecs.buffers());
                PipeReceiver<ByteBuffer> in = Pipes.fromStdout(launcher, Codecs.buffers());
                ChildJvm child = launcher.start()) {
            child.awaitReady();
            measurement.parent(out, in, child);
            out.close();
            child.awaitExit();
        }
    }

    private static void child(Measurement measurement) throws Exception {
        ParentJvm parent = ParentJvm.get();
        try (Receiver<ByteBuffer> in = parent.receiver("stdin", Codecs.buffers());
                Sender<ByteBuffer> out = parent.sender("stdout", Codecs.buffers())) {
            parent.ready();
            measurement.child(in, out);
        }
    }
}

package org.jvmipc.pipes;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.jvmipc.Capability;
import org.jvmipc.Codec;
import org.jvmipc.Codecs;
import org.jvmipc.Receiver;
import org.jvmipc.Sender;
import org.jvmipc.process.ChildJvm;
import org.jvmipc.process.JvmLauncher;
import org.jvmipc.testkit.ChildMain;
import org.jvmipc.testkit.CrossJvmContract;

/** The contract between two JVMs over FIFOs, which the child opens by their address. */
class FifoCrossJvmIT extends CrossJvmContract {
    private final List<Fifo> fifos = new ArrayList<>();

    @AfterEach
    void removeFifos() throws IOException {
        for (Fifo fifo : fifos) {
            TemporaryFifos.remove(fifo);
        }
        fifos.clear();
    }

    private Fifo create() throws IOException {
        Fifo fifo = TemporaryFifos.create(FifoOptions.defaults());
        fifos.add(fifo);
        return fifo;
    }

    @Override
    public <T> Receiver<T> receiverFromChild(JvmLauncher launcher, String name, Codec<T> codec)
            throws IOException, InterruptedException {
        Fifo fifo = create();
        launcher.handOver(name, fifo.address());
        return fifo.openReceiver(codec);
    }

    /** Both ends are held open until the child has its own: the sender here is there before the child is. */
    @Override
    public <T> Sender<T> senderToChild(JvmLauncher launcher, String name, Codec<T> codec)
            throws IOException, InterruptedException {
        Fifo fifo = create();
        RandomAccessFile both = new RandomAccessFile(fifo.path().toFile(), "rw");
        launcher.handOver(name, fifo.address(), both);
        return fifo.openSender(codec);
    }

    /** Of the first sender from another process on, one descriptor is kept: to be told of deaths. */
    @Override
    public void warmUp() throws Exception {
        super.warmUp();
        JvmLauncher launcher = ChildMain.launcher("produce", 1, 1, 1);
        try (Receiver<byte[]> in = receiverFromChild(launcher, ChildMain.OUT, Codecs.bytes());
                ChildJvm child = launcher.start()) {
            in.receive();
            child.awaitExit();
        } finally {
            removeFifos();
        }
    }

    @Override
    public Set<Capability> capabilities() {
        return FifoOpening.capabilities(FifoSharing.MANY_SENDERS);
    }

    @Override
    public int largestMessageBytes() {
        return PipeOptions.DEFAULT_MAX_MESSAGE_BYTES;
    }

    @Override
    public boolean endsForGood() {
        return false; // the receiver waits for the next sender
    }
}

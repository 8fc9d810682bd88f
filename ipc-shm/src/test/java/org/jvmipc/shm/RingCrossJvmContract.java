package org.jvmipc.shm;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.io.TempDir;
import org.jvmipc.Address;
import org.jvmipc.Capability;
import org.jvmipc.Codec;
import org.jvmipc.Codecs;
import org.jvmipc.Receiver;
import org.jvmipc.Sender;
import org.jvmipc.process.ChildJvm;
import org.jvmipc.process.JvmLauncher;
import org.jvmipc.testkit.Await;
import org.jvmipc.testkit.ChildMain;
import org.jvmipc.testkit.Children;
import org.jvmipc.testkit.CrossJvmContract;
import org.jvmipc.testkit.MemoryDirectory;

/** The promises of a transport, kept by a ring of one kind between two JVMs. */
abstract class RingCrossJvmContract extends CrossJvmContract {
    private final RingOptions options;

    @TempDir(factory = MemoryDirectory.class)
    Path directory;

    RingCrossJvmContract(RingOptions options) {
        this.options = options;
    }

    /** Loads as well what the first death of a participant takes. */
    @Override
    public void warmUp() throws Exception {
        super.warmUp();
        JvmLauncher launcher = ChildMain.launcher("send-nothing");
        try (Receiver<byte[]> in = receiverFromChild(launcher, ChildMain.OUT, Codecs.bytes());
                ChildJvm child = Children.start(launcher)) {
            child.kill();
            child.tryAwaitExit(Await.LONG);
            try {
                in.tryReceive(Duration.ofMillis(500));
            } catch (org.jvmipc.PeerGoneException e) {
                // as it should be
            }
        }
    }

    @Override
    public <T> Receiver<T> receiverFromChild(JvmLauncher launcher, String name, Codec<T> codec) throws IOException {
        try (SharedRing ring = SharedRing.create(Rings.path(directory), options)) {
            launcher.handOver(name, ring.address());
            return ring.openReceiver(codec);
        }
    }

    @Override
    public <T> Sender<T> senderToChild(JvmLauncher launcher, String name, Codec<T> codec) throws IOException {
        try (SharedRing ring = SharedRing.create(Rings.path(directory), options)) {
            Address address = ring.address();
            launcher.handOver(name, address);
            return ring.openSender(codec);
        }
    }

    @Override
    public Set<Capability> capabilities() {
        return SharedRing.capabilities(options.kind());
    }

    @Override
    public int largestMessageBytes() {
        return Rings.CAPACITY / 2 - 8;
    }

    @Override
    public boolean endsForGood() {
        return false;
    }
}

package org.jvmipc.shm;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.io.TempDir;
import org.jvmipc.Capability;
import org.jvmipc.Codec;
import org.jvmipc.Receiver;
import org.jvmipc.Sender;
import org.jvmipc.testkit.Ends;
import org.jvmipc.testkit.MemoryDirectory;
import org.jvmipc.testkit.TransportContract;

/** Every promise of a transport, kept by a ring of one kind. */
abstract class RingContract extends TransportContract {
    private final RingOptions options;

    @TempDir(factory = MemoryDirectory.class)
    Path directory;

    RingContract(RingOptions options) {
        this.options = options;
    }

    @Override
    public <T> Ends<T> open(Codec<T> codec) throws IOException {
        return Rings.ends(directory, codec, options);
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

    @Override
    public <T> Sender<T> anotherSender(Ends<T> ends, Codec<T> codec) throws IOException {
        try (SharedRing ring = SharedRing.open(ends.sender().address())) {
            return ring.openSender(codec);
        }
    }

    @Override
    public <T> Receiver<T> anotherReceiver(Ends<T> ends, Codec<T> codec) throws IOException {
        try (SharedRing ring = SharedRing.open(ends.sender().address())) {
            return ring.openReceiver(codec);
        }
    }
}

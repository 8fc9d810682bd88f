package org.jvmipc.shm;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.jvmipc.Codec;
import org.jvmipc.testkit.Ends;

/** Rings of the tests, at paths of their own. */
final class Rings {
    /** The capacity of most of them: the largest message is half of it. */
    static final int CAPACITY = 1 << 20;

    private static final AtomicInteger COUNT = new AtomicInteger();

    private Rings() {}

    /** A path where nothing is yet. */
    static Path path(Path directory) {
        return directory.resolve("r" + COUNT.incrementAndGet());
    }

    static RingOptions options(RingKind kind) {
        return RingOptions.defaults().withKind(kind).withCapacity(CAPACITY);
    }

    /** Both ends of a new ring. */
    static <T> Ends<T> ends(Path directory, Codec<T> codec, RingOptions options) throws IOException {
        Path path = path(directory);
        try (SharedRing ring = SharedRing.create(path, options)) {
            RingReceiver<T> receiver = ring.openReceiver(codec);
            return new Ends<>(ring.openSender(codec), receiver, () -> SharedRing.remove(path));
        }
    }
}

package org.jvmipc.pipes;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jvmipc.Codec;
import org.jvmipc.testkit.Ends;

/** FIFOs for tests, each in a directory of its own, which goes with it. */
final class TemporaryFifos {
    private TemporaryFifos() {}

    static Fifo create(FifoOptions options) throws IOException {
        return Fifo.create(Files.createTempDirectory("fifo-test").resolve("fifo"), options);
    }

    static void remove(Fifo fifo) throws IOException {
        Fifo.remove(fifo.path());
        Files.deleteIfExists(fifo.path().getParent());
    }

    /** A new FIFO, both ends open. */
    static <T> Ends<T> open(FifoOptions options, Codec<T> codec) throws IOException, InterruptedException {
        Fifo fifo = create(options);
        FifoReceiver<T> receiver = fifo.openReceiver(codec);
        FifoSender<T> sender = fifo.openSender(codec);
        return new Ends<>(sender, receiver, () -> remove(fifo));
    }

    static Fifo of(Ends<?> ends) throws IOException {
        return Fifo.open(path(ends));
    }

    private static Path path(Ends<?> ends) {
        return ends.receiver().address().path();
    }
}

package org.jvmipc.pipes;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.jvmipc.Codecs;
import org.jvmipc.Framing;
import org.jvmipc.testkit.Ends;
import org.jvmipc.testkit.SeamContract;

/** Any native call of a pipe in this JVM fails once. */
class PipeSeamTest extends SeamContract {
    private static final int CAPACITY = 8192;

    @Override
    public Ends<byte[]> open() throws IOException {
        PipePair<byte[]> pipe = Pipes.open(Codecs.bytes());
        return new Ends<>(pipe.sender(), pipe.receiver());
    }

    @Test
    void openingWithACapacity() throws Exception {
        PipeOptions options = PipeOptions.defaults().withCapacity(CAPACITY);
        faults().walk(round ->
                round.run(() -> Pipes.open(Codecs.bytes(), options).close()));
    }

    @Test
    void askingForAndChangingTheCapacity() throws Exception {
        faults().walk(round -> {
            try (PipePair<byte[]> pipe = Pipes.open(Codecs.bytes())) {
                round.run(() -> assertEquals(CAPACITY, pipe.sender().setCapacity(CAPACITY)));
                round.run(() -> assertEquals(CAPACITY, pipe.receiver().capacityBytes()));
                round.run(() -> assertEquals(0, pipe.receiver().bytesWaiting()));
            }
        });
    }

    @Test
    void linesGoThroughWhole() throws Exception {
        PipeOptions options = PipeOptions.defaults().withFraming(Framing.LINE);
        faults().walk(round -> {
            try (PipePair<String> pipe = Pipes.open(Codecs.utf8(), options)) {
                round.run(() -> pipe.sender().send("a line"));
                assertEquals("a line", round.call(pipe.receiver()::receive));
            }
        });
    }
}

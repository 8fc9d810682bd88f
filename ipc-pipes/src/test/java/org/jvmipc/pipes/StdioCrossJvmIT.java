package org.jvmipc.pipes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.jvmipc.Address;
import org.jvmipc.AddressException;
import org.jvmipc.Capability;
import org.jvmipc.Codec;
import org.jvmipc.Codecs;
import org.jvmipc.Ipc;
import org.jvmipc.IpcException;
import org.jvmipc.Receiver;
import org.jvmipc.Sender;
import org.jvmipc.process.ChildJvm;
import org.jvmipc.process.JvmLauncher;
import org.jvmipc.process.ParentJvm;
import org.jvmipc.testkit.ChildMain;
import org.jvmipc.testkit.ChildProgram;
import org.jvmipc.testkit.Children;
import org.jvmipc.testkit.CrossJvmContract;

/** The contract between two JVMs, over the child's standard input and output. */
class StdioCrossJvmIT extends CrossJvmContract {
    /** A little more than a pipe holds; what takes longer is left to {@link PipesCrossJvmIT}. */
    private static final int LARGEST = 70_000;

    private static final PipeOptions OPTIONS = PipeOptions.defaults().withMaxMessage(LARGEST);

    @Override
    public <T> Receiver<T> receiverFromChild(JvmLauncher launcher, String name, Codec<T> codec) throws IOException {
        Receiver<T> receiver = Pipes.fromStdout(launcher, codec, OPTIONS);
        launcher.handOver(name, standard(Pipes.STDOUT)); // the programs know it by another name
        return receiver;
    }

    @Override
    public <T> Sender<T> senderToChild(JvmLauncher launcher, String name, Codec<T> codec) throws IOException {
        Sender<T> sender = Pipes.toStdin(launcher, codec, OPTIONS);
        launcher.handOver(name, standard(Pipes.STDIN));
        return sender;
    }

    private static Address standard(String stream) {
        return PipeEnds.withOptions(Address.of(PipeEnds.SCHEME, stream), OPTIONS);
    }

    @Override
    public Set<Capability> capabilities() {
        return PipeEnd.CAPABILITIES;
    }

    @Override
    public int largestMessageBytes() {
        return LARGEST;
    }

    // ---- left out to save time, by being no @Test: nothing in them depends on which pipe it is

    @Override
    public void theDeathOfAStoppedSenderIsTold() {}

    @Override
    public void theDeathOfAReceiverInTheMiddleOfALargeMessageIsTold() {}

    @Override
    public void aSenderThatEndsWithoutClosingHasDiedAndNothingItSentIsLost() {}

    /** Once, not three times. */
    @Test
    @Override
    public void whatAKilledSenderHadSentIsAPrefixAndItsDeathIsTold() throws Exception {
        super.whatAKilledSenderHadSentIsAPrefixAndItsDeathIsTold();
    }

    // ---- what only standard streams have

    @Test
    void anAddressThatDoesNotFitTakesNothing() throws Exception {
        JvmLauncher launcher = ChildMain.launcher(WrongFirst.class);
        try (Sender<String> out = Pipes.toStdin(launcher, Codecs.utf8());
                Receiver<String> in = Pipes.fromStdout(launcher, Codecs.utf8());
                ChildJvm child = Children.start(launcher)) {
            out.send("still there");
            assertEquals("still there", in.receive());
            Children.assertExit(0, child);
        }
    }

    /** Opens its standard streams the wrong way round, with bad options, rightly, and once too often. */
    static final class WrongFirst implements ChildProgram {
        @Override
        public void run(ParentJvm parent, String[] arguments) throws Exception {
            String reason = assertThrows(AddressException.class, () -> parent.sender(Pipes.STDIN, Codecs.utf8()))
                    .reason();
            assertEquals("it is for receiving only", reason);
            reason = assertThrows(AddressException.class, () -> parent.receiver(Pipes.STDOUT, Codecs.utf8()))
                    .reason();
            assertEquals("it is for sending only", reason);
            assertThrows(AddressException.class, () -> Ipc.receiver("pipe:stdin?max=0", Codecs.utf8()));
            try (Receiver<String> in = parent.receiver(Pipes.STDIN, Codecs.utf8());
                    Sender<String> out = parent.sender(Pipes.STDOUT, Codecs.utf8())) {
                assertThrows(IpcException.class, () -> parent.receiver(Pipes.STDIN, Codecs.utf8()));
                parent.ready();
                out.send(in.receive());
            }
        }
    }
}

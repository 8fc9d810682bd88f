package org.jvmipc.sockets;

import java.io.IOException;
import java.util.Set;
import org.jvmipc.Address;
import org.jvmipc.Capability;
import org.jvmipc.Codec;
import org.jvmipc.Connection;
import org.jvmipc.Receiver;
import org.jvmipc.Sender;
import org.jvmipc.process.JvmLauncher;
import org.jvmipc.testkit.CrossJvmContract;

/** The contract between two JVMs over reliable datagrams: the child connects. */
class ReliableCrossJvmIT extends CrossJvmContract {
    @Override
    public <T> Receiver<T> receiverFromChild(JvmLauncher launcher, String name, Codec<T> codec) throws IOException {
        return accepting(launcher, name, codec);
    }

    @Override
    public <T> Sender<T> senderToChild(JvmLauncher launcher, String name, Codec<T> codec) throws IOException {
        return accepting(launcher, name, codec);
    }

    private static <T> Connection<T> accepting(JvmLauncher launcher, String name, Codec<T> codec) throws IOException {
        ReliableListener<T> listener = ReliableDatagrams.listen(
                Connected.anyPort(),
                codec,
                ReliableListenOptions.defaults().withReliable(ReliableContractTest.OPTIONS));
        Address address = listener.address();
        launcher.handOver(name, address);
        return new LateConnection<>(listener);
    }

    @Override
    public Set<Capability> capabilities() {
        return ReliableSession.CAPABILITIES;
    }

    @Override
    public boolean sentSurvivesItsSender() {
        return false;
    }

    @Override
    public int largestMessageBytes() {
        return ReliableOptions.DEFAULT_MAX_MESSAGE_BYTES;
    }
}

package org.jvmipc.testkit;

import java.io.IOException;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.jvmipc.Capability;
import org.jvmipc.Codec;
import org.jvmipc.Codecs;

/**
 * What every transport promises, inside one JVM. A transport's test extends this class, says how to open a channel, and
 * passes; {@link CrossJvmContract} is the same between two JVMs.
 *
 * <pre>{@code
 * final class FifoContractTest extends TransportContract {
 *     public <T> Ends<T> open(Codec<T> codec) throws IOException, InterruptedException { ... }
 *     public Set<Capability> capabilities() { return Fifo.CAPABILITIES; }
 *     public int largestMessageBytes() { return 16 << 20; }
 * }
 * }</pre>
 *
 * <p>The chapters, one interface each, one behaviour a test:
 * <ol>
 *   <li>{@link DeliveryContract}: order, boundaries, empty, largest, too large
 *   <li>{@link BlockingContract}: full, empty, tries, time limits
 *   <li>{@link InterruptContract}: before, in and at random moments of a wait
 *   <li>{@link AbandonContract}: given up in the middle of a large message
 *   <li>{@link CloseContract}: one's own close
 *   <li>{@link PeerContract}: the other side's close
 *   <li>{@link ThreadsContract}: many threads, many ends
 *   <li>{@link BatchContract}: batches and {@code sendAll}
 *   <li>{@link CodecContract}: codecs that fail, lie or do not know their size
 *   <li>{@link ReceiverSetContract}: waiting for several at once
 * </ol>
 *
 * <p>{@linkplain #capabilities() Capabilities} are the switch: a transport that names one has to prove it, a test about
 * one it does not name is skipped and says so. No test asserts how fast something is, but for interrupt and close, which
 * have a bound. After each test nothing may be left open ({@link NoLeaks}); a test that hangs is failed from outside.
 */
@ExtendWith(NoLeaks.class)
@Timeout(value = 90, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
public abstract class TransportContract
        implements DeliveryContract,
                BlockingContract,
                InterruptContract,
                AbandonContract,
                CloseContract,
                PeerContract,
                ThreadsContract,
                BatchContract,
                CodecContract,
                ReceiverSetContract,
                NoLeaks.WarmUp {
    @Override
    public abstract <T> Ends<T> open(Codec<T> codec) throws IOException, InterruptedException;

    @Override
    public abstract Set<Capability> capabilities();

    @Override
    public abstract int largestMessageBytes();

    /** Loads what the first use of a channel loads. */
    @Override
    public void warmUp() throws Exception {
        try (Ends<byte[]> ends = open(Codecs.bytes())) {
            ends.sender().send(new byte[1]);
            ends.receiver().receive();
            ends.receiver().tryReceive(ContractTools.SHORT);
        }
    }
}

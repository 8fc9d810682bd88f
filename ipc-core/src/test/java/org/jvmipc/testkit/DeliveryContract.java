package org.jvmipc.testkit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.jvmipc.Address;
import org.jvmipc.Capability;
import org.jvmipc.Codecs;
import org.jvmipc.LimitException;

/** Chapter 1: what is sent is received: whole, once, in order. */
interface DeliveryContract extends ContractHooks {
    @Test
    default void endpointsNameTheirObjectAndWhatItCanDo() throws Exception {
        try (Ends<byte[]> ends = open(Codecs.bytes())) {
            assertEquals(capabilities(), ends.sender().capabilities());
            assertEquals(capabilities(), ends.receiver().capabilities());
            for (Address address :
                    List.of(ends.sender().address(), ends.receiver().address())) {
                assertEquals(address, Address.of(address.toString()), "an address can be handed on as text");
            }
            assertTrue(ends.sender().isOpen() && ends.receiver().isOpen());
        }
    }

    @Test
    default void keepsOrder() throws Exception {
        needs(Capability.ORDERED, Capability.RELIABLE);
        int count = 20_000;
        int size = Math.min(64, largestMessageBytes());
        try (Ends<byte[]> ends = open(Codecs.bytes());
                Worker<Boolean> writer = Worker.run(() -> {
                    for (int seq = 0; seq < count; seq++) {
                        ends.sender().send(ContractTools.message(seq, size));
                    }
                })) {
            ContractTools.expect(ends.receiver(), 0, count, size);
            writer.result();
            ContractTools.assertSilent(ends.receiver());
        }
    }

    @Test
    default void keepsBoundariesOfMessagesOfEverySize() throws Exception {
        needs(Capability.ORDERED, Capability.RELIABLE);
        int[] sizes = sizesInRandomOrder();
        try (Ends<byte[]> ends = open(Codecs.bytes());
                Worker<Boolean> writer = Worker.run(() -> {
                    for (int seq = 0; seq < sizes.length; seq++) {
                        ends.sender().send(ContractTools.message(seq, sizes[seq]));
                    }
                })) {
            for (int seq = 0; seq < sizes.length; seq++) {
                ContractTools.expect(ends.receiver(), seq, sizes[seq]);
            }
            writer.result();
            ContractTools.assertSilent(ends.receiver());
        }
    }

    private int[] sizesInRandomOrder() {
        Random random = new Random(ContractTools.SEED);
        int[] edges = Payloads.edgeSizes(largestMessageBytes());
        List<Integer> sizes = new ArrayList<>();
        for (int edge : edges) {
            sizes.add(edge);
            sizes.add(edge);
            sizes.add(0);
        }
        for (int seq = 0; seq < 200; seq++) {
            sizes.add(Payloads.size(ContractTools.SEED, seq, largestMessageBytes()));
        }
        Collections.shuffle(sizes, random);
        return sizes.stream().mapToInt(Integer::intValue).toArray();
    }

    @Test
    default void deliversTheEmptyMessage() throws Exception {
        try (Ends<byte[]> ends = open(Codecs.bytes())) {
            ends.sender().send(new byte[0]);
            byte[] message = ContractTools.next(ends.receiver());
            assertEquals(0, message.length, "an empty message is one, not nothing and not an end");
            ContractTools.assertSilent(ends.receiver());
            assertTrue(ends.sender().trySend(new byte[0]));
            assertNotNull(ends.receiver().tryReceive(Await.LONG));
        }
    }

    @Test
    default void deliversTheLargestMessage() throws Exception {
        needs(Capability.RELIABLE);
        int size = largestMessageBytes();
        try (Ends<byte[]> ends = open(Codecs.bytes());
                Worker<Boolean> writer = Worker.run(() -> {
                    for (int seq = 0; seq < 3; seq++) {
                        ends.sender().send(ContractTools.message(seq, size));
                    }
                })) {
            ContractTools.expect(ends.receiver(), 0, 3, size);
            writer.result();
            ContractTools.assertUsable(ends);
        }
    }

    @Test
    default void refusesOneByteTooManyBeforeAnythingIsSent() throws Exception {
        assumeTrue(largestMessageBytes() < Integer.MAX_VALUE - 8, "an array cannot be too large for this transport");
        byte[] tooLarge = new byte[largestMessageBytes() + 1];
        try (Ends<byte[]> ends = open(Codecs.bytes())) {
            LimitException refusal =
                    assertThrows(LimitException.class, () -> ends.sender().send(tooLarge));
            assertTrue(refusal.getMessage().contains(Integer.toString(tooLarge.length)), refusal.getMessage());
            assertThrows(LimitException.class, () -> ends.sender().trySend(tooLarge));
            assertThrows(LimitException.class, () -> ends.sender().trySend(tooLarge, ContractTools.SHORT));
            ContractTools.assertSilent(ends.receiver());
            ContractTools.assertUsable(ends);
        }
    }

    @Test
    default void refusesOneByteTooManyWhenFullToo() throws Exception {
        needs(Capability.BOUNDED, Capability.RELIABLE);
        assumeTrue(largestMessageBytes() < Integer.MAX_VALUE - 8, "an array cannot be too large for this transport");
        byte[] tooLarge = new byte[largestMessageBytes() + 1];
        int size = ContractTools.small(this);
        try (Ends<byte[]> ends = open(Codecs.bytes())) {
            int count = ContractTools.fill(ends.sender(), size);
            assertThrows(LimitException.class, () -> ends.sender().trySend(tooLarge), "not just full: it never fits");
            assertThrows(LimitException.class, () -> ends.sender().send(tooLarge));
            ContractTools.expect(ends.receiver(), 0, count, size);
            ContractTools.assertUsable(ends);
        }
    }

    @Test
    default void aMessageIsInTheChannelWhenSendReturns() throws Exception {
        needs(Capability.RELIABLE);
        try (Ends<byte[]> ends = open(Codecs.bytes())) {
            for (int seq = 0; seq < 100; seq++) { // nothing is held back for a following message
                ends.sender().send(ContractTools.message(seq, 10));
                ContractTools.expect(ends.receiver(), seq, 10);
            }
        }
    }

    @Test
    default void theSendersArrayMayBeReusedAtOnce() throws Exception {
        needs(Capability.RELIABLE);
        try (Ends<byte[]> ends = open(Codecs.bytes())) {
            byte[] reused = {1, 2, 3};
            ends.sender().send(reused);
            Arrays.fill(reused, (byte) 9);
            assertArrayEquals(new byte[] {1, 2, 3}, ContractTools.next(ends.receiver()));
        }
    }

    @Test
    default void aReceivedArrayIsTheReceiversOwn() throws Exception {
        needs(Capability.RELIABLE);
        try (Ends<byte[]> ends = open(Codecs.bytes())) {
            ends.sender().send(ContractTools.message(0, 100));
            byte[] first = ContractTools.next(ends.receiver());
            for (int seq = 1; seq < 50; seq++) {
                ends.sender().send(ContractTools.message(seq, 100));
                ContractTools.expect(ends.receiver(), seq, 100);
            }
            Payloads.verify(ContractTools.SEED, 0, 100, first);
        }
    }

    @Test
    default void aReceivedBufferIsValidUntilTheNextReceive() throws Exception {
        needs(Capability.RELIABLE, Capability.ORDERED);
        try (Ends<ByteBuffer> ends = open(Codecs.buffers())) {
            int size = Math.min(3000, largestMessageBytes());
            ends.sender().send(ByteBuffer.wrap(ContractTools.message(0, size)));
            for (int seq = 1; seq < 50; seq++) {
                ByteBuffer last = ContractTools.next(ends.receiver());
                // What arrives behind it must not run over it.
                ends.sender().send(ByteBuffer.wrap(ContractTools.message(seq, size)));
                assertTrue(last.isReadOnly(), "a view of the receiver's memory is read-only");
                byte[] bytes = new byte[last.remaining()];
                last.get(bytes);
                Payloads.verify(ContractTools.SEED, seq - 1, size, bytes);
            }
        }
    }

    @Test
    default void drainTakesWhatIsThereAndNeverWaits() throws Exception {
        needs(Capability.RELIABLE, Capability.ORDERED);
        try (Ends<byte[]> ends = open(Codecs.bytes())) {
            List<byte[]> taken = new ArrayList<>();
            assertEquals(0, ends.receiver().drain(taken::add, 10), "nothing is there");
            for (int seq = 0; seq < 7; seq++) {
                ends.sender().send(ContractTools.message(seq, 20));
            }
            Await.until("drain takes its limit", () -> {
                ends.receiver().drain(taken::add, 5 - taken.size());
                return taken.size() == 5;
            });
            ContractTools.expect(ends.receiver(), 5, 7, 20);
            for (int seq = 0; seq < 5; seq++) {
                Payloads.verify(ContractTools.SEED, seq, 20, taken.get(seq));
            }
            assertEquals(0, ends.receiver().drain(taken::add, 1));
            assertEquals(5, taken.size());
            assertThrows(IllegalArgumentException.class, () -> ends.receiver().drain(taken::add, 0));
        }
    }

    @Test
    default void aHandlerThatThrowsLosesNoOtherMessage() throws Exception {
        needs(Capability.RELIABLE, Capability.ORDERED);
        try (Ends<byte[]> ends = open(Codecs.bytes())) {
            for (int seq = 0; seq < 3; seq++) {
                ends.sender().send(ContractTools.message(seq, 20));
            }
            IllegalStateException thrown = new IllegalStateException("the handler's");
            assertEquals(thrown, assertThrows(IllegalStateException.class, () -> ends.receiver()
                    .forEach(message -> {
                        throw thrown;
                    })));
            ContractTools.expect(ends.receiver(), 1, 3, 20);
            assertFalse(Thread.interrupted());
        }
    }
}

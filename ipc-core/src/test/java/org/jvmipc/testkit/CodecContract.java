package org.jvmipc.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.jvmipc.Batch;
import org.jvmipc.Capability;
import org.jvmipc.Codec;
import org.jvmipc.CorruptDataException;
import org.jvmipc.LimitException;

/** Chapter 9: a codec of the user's own, which may be slow to tell its size, wrong, or fail. */
interface CodecContract extends ContractHooks {
    /** The sizes at which a buffer that grows by any usual step has to grow. */
    List<Integer> GROWING =
            List.of(0, 1, 100, 255, 256, 257, 511, 512, 4096, 4097, 8193, 65_535, 65_537, 70_000, 1 << 20, 3_000_001);

    @Test
    default void aSizeThatOnlyEncodingTellsIsFoundOut() throws Exception {
        needs(Capability.RELIABLE, Capability.ORDERED);
        try (Ends<byte[]> ends = open(new TrickyCodec().withUnknownSize());
                Worker<Boolean> writer = Worker.run(() -> {
                    for (int seq = 0; seq < GROWING.size(); seq++) {
                        ends.sender().send(ContractTools.message(seq, growing(seq)));
                    }
                })) {
            for (int seq = 0; seq < GROWING.size(); seq++) {
                ContractTools.expect(ends.receiver(), seq, growing(seq));
            }
            writer.result();
        }
    }

    private int growing(int seq) {
        return Math.min(GROWING.get(seq), largestMessageBytes());
    }

    @Test
    default void aSizeThatOnlyEncodingTellsIsFoundOutInABatch() throws Exception {
        needs(Capability.RELIABLE, Capability.ORDERED);
        try (Ends<byte[]> ends = open(new TrickyCodec().withUnknownSize());
                Worker<Boolean> writer = Worker.run(() -> {
                    try (Batch<byte[]> batch = ends.sender().batch()) {
                        for (int seq = 0; seq < GROWING.size(); seq++) {
                            batch.add(ContractTools.message(seq, growing(seq)));
                        }
                    }
                })) {
            for (int seq = 0; seq < GROWING.size(); seq++) {
                ContractTools.expect(ends.receiver(), seq, growing(seq));
            }
            writer.result();
        }
    }

    @Test
    default void aMessageThatTurnsOutTooLargeIsRefused() throws Exception {
        needs(Capability.RELIABLE);
        assumeTrue(largestMessageBytes() < Integer.MAX_VALUE - 8, "an array cannot be too large for this transport");
        byte[] tooLarge = new byte[largestMessageBytes() + 1];
        try (Ends<byte[]> ends = open(new TrickyCodec().withUnknownSize())) {
            assertThrows(LimitException.class, () -> ends.sender().send(tooLarge));
            assertThrows(LimitException.class, () -> ends.sender().trySend(tooLarge));
            ContractTools.assertSilent(ends.receiver());
            ContractTools.assertUsable(ends);
        }
    }

    @Test
    default void whatFailsToEncodeIsNotSentAndTheCallerSeesWhy() throws Exception {
        needs(Capability.RELIABLE);
        for (TrickyCodec codec : List.of(new TrickyCodec(), new TrickyCodec().withUnknownSize())) {
            try (Ends<byte[]> ends = open(codec)) {
                byte[] message = ContractTools.message(5, 3000);
                codec.failEncoding = new IllegalStateException("the codec's");
                assertSame(codec.failEncoding, assertThrows(IllegalStateException.class, () -> ends.sender()
                        .send(message)));
                assertThrows(IllegalStateException.class, () -> ends.sender().trySend(message));
                assertThrows(IllegalStateException.class, () -> ends.sender().trySend(message, ContractTools.SHORT));
                codec.failEncoding = null;
                ContractTools.assertSilent(ends.receiver());
                ContractTools.assertUsable(ends);
            }
        }
    }

    @Test
    default void whatFailsToEncodeInABatchIsLeftOut() throws Exception {
        needs(Capability.RELIABLE, Capability.ORDERED);
        for (TrickyCodec codec : List.of(new TrickyCodec(), new TrickyCodec().withUnknownSize())) {
            try (Ends<byte[]> ends = open(codec)) {
                try (Batch<byte[]> batch = ends.sender().batch()) {
                    batch.add(ContractTools.message(0, 30));
                    codec.failEncoding = new IllegalStateException("the codec's");
                    assertThrows(IllegalStateException.class, () -> batch.add(ContractTools.message(9, 30)));
                    codec.failEncoding = null;
                    batch.add(ContractTools.message(1, 30));
                }
                ContractTools.expect(ends.receiver(), 0, 2, 30);
                ContractTools.assertUsable(ends);
            }
        }
    }

    /** It may be refused or sent as it came out; what it may not do is to shift the messages after it. */
    @Test
    default void aCodecThatLiesAboutItsSizeHarmsNoOtherMessage() throws Exception {
        needs(Capability.RELIABLE, Capability.ORDERED);
        for (int lie : new int[] {-7, -1, 1, 7, 5000}) {
            TrickyCodec codec = new TrickyCodec();
            try (Ends<byte[]> ends = open(codec)) {
                codec.lie = lie;
                boolean sent = trySendLie(ends);
                codec.lie = 0;
                ends.sender().send(ContractTools.message(1, 40));
                if (sent) {
                    ContractTools.expect(ends.receiver(), 0, 2000);
                }
                ContractTools.expect(ends.receiver(), 1, 40);
                ContractTools.assertUsable(ends);
            }
        }
    }

    private static boolean trySendLie(Ends<byte[]> ends) throws Exception {
        try {
            ends.sender().send(ContractTools.message(0, 2000));
            return true;
        } catch (RuntimeException | LimitException e) { // the latter: of the size that it claims
            return false;
        }
    }

    @Test
    default void whatFailsToDecodeIsCorruptAndTheNextMessageIsReceived() throws Exception {
        needs(Capability.RELIABLE, Capability.ORDERED);
        TrickyCodec codec = new TrickyCodec();
        try (Ends<byte[]> ends = open(codec)) {
            for (int size : new int[] {0, 30, Math.min(100_000, largestMessageBytes())}) {
                codec.failDecoding = new IllegalArgumentException("the codec's");
                try (Worker<Boolean> writer = Worker.run(() -> {
                    for (int seq = 0; seq < 4; seq++) {
                        ends.sender().send(ContractTools.message(seq, size));
                    }
                })) {
                    CorruptDataException corrupt = assertThrows(
                            CorruptDataException.class, () -> ends.receiver().receive());
                    assertSame(codec.failDecoding, corrupt.getCause());
                    assertThrows(
                            CorruptDataException.class, () -> ends.receiver().tryReceive(Await.LONG));
                    codec.failDecoding = null;
                    ContractTools.expect(ends.receiver(), 2, 4, size);
                    writer.result();
                }
            }
            ContractTools.assertUsable(ends);
        }
    }

    @Test
    default void aCodecSeesExactlyItsMessageReadOnlyAndLittleEndian() throws Exception {
        needs(Capability.RELIABLE, Capability.ORDERED);
        Probe probe = new Probe();
        try (Ends<Long> ends = open(probe)) {
            for (long i = 0; i < 10; i++) {
                ends.sender().send(i);
            }
            for (long i = 0; i < 10; i++) {
                assertEquals(i, ContractTools.next(ends.receiver()));
            }
        }
        assertEquals(List.of(), probe.wrong);
    }

    /** Eight bytes; reads only four of them, which must not disturb what comes next. */
    final class Probe implements Codec<Long> {
        private final List<String> wrong = new ArrayList<>();

        @Override
        public int size(Long message) {
            return Long.BYTES;
        }

        @Override
        public void encode(Long message, ByteBuffer target) {
            if (target.order() != ByteOrder.LITTLE_ENDIAN || target.remaining() < Long.BYTES) {
                wrong.add("encodes into " + target + " " + target.order());
            }
            target.putLong(message);
        }

        @Override
        public Long decode(ByteBuffer source) {
            if (source.order() != ByteOrder.LITTLE_ENDIAN || !source.isReadOnly() || source.remaining() != Long.BYTES) {
                wrong.add("decodes from " + source + " " + source.order() + " read-only " + source.isReadOnly());
            }
            return (long) source.getInt();
        }
    }

    /** Bytes, and what a codec can do wrong. */
    final class TrickyCodec implements Codec<byte[]> {
        private boolean unknownSize;
        private volatile int lie;
        private volatile @Nullable RuntimeException failEncoding;
        private volatile @Nullable RuntimeException failDecoding;

        TrickyCodec withUnknownSize() {
            unknownSize = true;
            return this;
        }

        @Override
        public int size(byte[] message) {
            return unknownSize ? UNKNOWN_SIZE : Math.max(0, message.length + lie);
        }

        @Override
        public void encode(byte[] message, ByteBuffer target) {
            RuntimeException failure = failEncoding;
            if (failure != null) {
                target.put(message, 0, Math.min(10, message.length)); // in the middle of it
                throw failure;
            }
            target.put(message);
        }

        @Override
        public byte[] decode(ByteBuffer source) {
            RuntimeException failure = failDecoding;
            if (failure != null) {
                throw failure;
            }
            byte[] message = new byte[source.remaining()];
            source.get(message);
            return message;
        }
    }
}

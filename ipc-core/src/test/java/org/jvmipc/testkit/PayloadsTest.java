package org.jvmipc.testkit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** The data that everything else is verified with is itself the same everywhere, and no damage to it goes unseen. */
final class PayloadsTest {
    private static final long SEED = 42;

    @Test
    void bytesDependOnSeedNumberAndSizeAlone() {
        for (int size : Payloads.edgeSizes(70_000)) {
            assertArrayEquals(Payloads.bytes(SEED, 3, size), Payloads.bytes(SEED, 3, size));
        }
        assertFalse(Arrays.equals(Payloads.bytes(SEED, 3, 16), Payloads.bytes(SEED, 4, 16)));
        assertFalse(Arrays.equals(Payloads.bytes(SEED, 3, 16), Payloads.bytes(SEED + 1, 3, 16)));
        assertFalse(Arrays.equals(Payloads.bytes(SEED, 3, 16), Arrays.copyOf(Payloads.bytes(SEED, 3, 17), 16)));
    }

    @Test
    void everyDamagedByteIsSeen() {
        byte[] good = Payloads.bytes(SEED, 1, 33);
        Payloads.verify(SEED, 1, 33, good);
        for (int at = 0; at < good.length; at++) {
            byte[] bad = good.clone();
            bad[at] ^= 1;
            assertThrows(AssertionError.class, () -> Payloads.verify(SEED, 1, 33, bad));
        }
        assertThrows(AssertionError.class, () -> Payloads.verify(SEED, 1, 33, Arrays.copyOf(good, 32)));
        assertThrows(AssertionError.class, () -> Payloads.verify(SEED, 1, 33, Arrays.copyOf(good, 34)));
    }

    @Test
    void everyDamagedByteOfATaggedMessageIsSeen() {
        for (int size : new int[] {Payloads.TAGGED_MIN, 21, 100}) {
            byte[] good = Payloads.tagged(SEED, 7, 99, size);
            assertEquals(new Payloads.Tag(7, 99, size), Payloads.verifyTagged(SEED, good));
            for (int at = 0; at < size; at++) {
                byte[] bad = good.clone();
                bad[at] ^= 0x40;
                assertThrows(AssertionError.class, () -> Payloads.verifyTagged(SEED, bad));
            }
            assertThrows(AssertionError.class, () -> Payloads.verifyTagged(SEED, Arrays.copyOf(good, size - 1)));
        }
    }

    @Test
    void aDigestDependsOnOrderAndBoundaries() {
        byte[] first = {1, 2};
        byte[] second = {3};
        long digest = Payloads.digest(Payloads.digest(0, first), second);
        assertNotEquals(digest, Payloads.digest(Payloads.digest(0, second), first));
        assertNotEquals(digest, Payloads.digest(0, new byte[] {1, 2, 3}));
        assertNotEquals(digest, Payloads.digest(digest, new byte[0]));
    }

    @Test
    void sizesStayInTheirLimitAndReachTheEdges() {
        boolean large = false;
        for (long seq = 0; seq < 10_000; seq++) {
            int size = Payloads.size(SEED, seq, 5000);
            assertEquals(size, Payloads.size(SEED, seq, 5000));
            assertFalse(size < 0 || size > 5000);
            large |= size == 5000;
        }
        assertEquals(true, large);
        assertEquals(0, Payloads.size(SEED, 1, 0));
        assertEquals(4097, Arrays.stream(Payloads.edgeSizes(4097)).max().orElseThrow());
    }
}

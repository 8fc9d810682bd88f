package org.jvmipc.internal.stream;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * Finds the fragments among the bytes that were read ahead, and counts those that are none. A fragment is believed when its
 * checksum is right.
 *
 * <p><b>Thread safety.</b> None: used under the receiver's lock.
 */
final class FragmentScanner {
    /** Enough of a header to be believed for a while. */
    private static final int START_BYTES = 8;

    private static final int HEADER = FragmentLayout.HEADER_BYTES;

    private final ReadAhead ahead;
    private final CRC32C crc;
    final int largestFragment;

    private boolean revoked;
    private long skipped;
    private String fault = "";

    /** What there is at a place. */
    private enum Verdict {
        WHOLE,
        INCOMPLETE,
        NONE
    }

    FragmentScanner(ReadAhead ahead, CRC32C crc, FifoTraffic traffic) {
        this.ahead = ahead;
        this.crc = crc;
        this.largestFragment =
                traffic == FifoTraffic.ONE_SENDER ? FragmentLayout.MAX_FRAGMENT_BYTES : FrameFormat.PIPE_BUF;
    }

    /**
     * Moves to the next whole fragment before the end; passes over what is none.
     *
     * @param last whether nothing will follow the bytes before the end, so that what is not whole is no fragment
     */
    boolean find(int end, boolean last) {
        while (ahead.at < end) {
            Verdict verdict = verdict(end - ahead.at);
            if (verdict == Verdict.WHOLE) {
                return true;
            }
            if (verdict == Verdict.INCOMPLETE) {
                if (!last) {
                    return false;
                }
                fault("the rest of a fragment is missing");
            }
            ahead.at++;
            skipped++;
        }
        return false;
    }

    /** Moves to the next whole fragment inside of the incomplete one that is here; stays if there is none. */
    boolean findInside(int end) {
        int at = ahead.at;
        long before = skipped;
        fault("the rest of a fragment is missing");
        ahead.at++;
        skipped++;
        if (find(end, true)) {
            return true;
        }
        ahead.at = at;
        skipped = before;
        return false;
    }

    private Verdict verdict(int here) {
        ByteBuffer bytes = ahead.bytes();
        if (here < START_BYTES) {
            return Verdict.INCOMPLETE;
        }
        if (!FragmentLayout.mayBegin(bytes, ahead.at)) {
            return none("no fragment begins here");
        }
        if (here < HEADER) {
            return Verdict.INCOMPLETE;
        }
        String wrong = FragmentLayout.fault(bytes, ahead.at);
        if (wrong != null) {
            return none(wrong);
        }
        int length = bytes.getInt(ahead.at + FragmentLayout.LENGTH_OFFSET);
        if (length > largestFragment - FragmentLayout.OVERHEAD_BYTES) {
            return none("a fragment is too long for a FIFO of several senders");
        }
        if (here < FragmentLayout.OVERHEAD_BYTES + length) {
            return Verdict.INCOMPLETE;
        }
        return isSumRight(bytes, length) ? Verdict.WHOLE : none("the checksum of a fragment is wrong");
    }

    private boolean isSumRight(ByteBuffer bytes, int length) {
        int sum = bytes.getInt(ahead.at + HEADER + length);
        int expected = FragmentLayout.checksum(ahead.buffer, ahead.at, length, crc);
        revoked = sum == (expected ^ FrameLayout.REVOKED);
        return revoked || sum == expected;
    }

    private Verdict none(String reason) {
        fault(reason);
        return Verdict.NONE;
    }

    /** Only what is wrong with the first of several bytes is worth telling. */
    private void fault(String reason) {
        fault = skipped == 0 ? reason : fault;
    }

    /** Whether the fragment that was found was taken back by its sender. */
    boolean isRevoked() {
        return revoked;
    }

    /** How many bytes were passed over since {@link #forget()}. */
    long skipped() {
        return skipped;
    }

    /** Why. */
    String fault() {
        return fault;
    }

    /** They were told, or are no matter. */
    void forget() {
        skipped = 0;
    }
}

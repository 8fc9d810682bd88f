package org.jvmipc.internal.stream;

import java.nio.ByteBuffer;

/** One sender whose fragments were seen: what is expected of it next, and the message of it that is not complete. */
final class FragmentSource {
    private static final long UNKNOWN = -1;

    final SendingProcess process;
    private final int sender;

    /** The parts of its present message. */
    final MessageParts parts;

    /** Where in the stream the last of those parts was. */
    long heardAt;

    /** The number of the message that is expected, or is coming; unknown until the first beginning of one was seen. */
    private long sequence = UNKNOWN;

    /** Whether a fragment of that message was seen. */
    private boolean begun;

    /** How long it is, and how much of it has come; unsigned. */
    private int total;

    private int received;

    FragmentSource(SendingProcess process, ByteBuffer bytes, int at, PartsMemory memory) {
        this.process = process;
        this.sender = bytes.getInt(at + FragmentLayout.SENDER_OFFSET);
        this.parts = new MessageParts(memory);
    }

    /** Whether it sent the fragment whose header is there. */
    boolean sent(ByteBuffer bytes, int at) {
        return bytes.getInt(at + FragmentLayout.SENDER_OFFSET) == sender && process.sent(bytes, at);
    }

    boolean isInMessage() {
        return parts.isOpen();
    }

    /** What became of a fragment. */
    enum Step {
        /** It is the next one of its message. */
        NEXT,
        /** It belongs to a message whose beginning was not for this reader. */
        PASSED_OVER,
        /** It should have come before, or others before it are missing. */
        MISSING
    }

    /** Takes account of a fragment that is a message, a batch or a part of a message. */
    Step step(long fragmentSequence, int offset, int length, int messageTotal) {
        if (sequence == UNKNOWN) {
            if (offset != 0) {
                return Step.PASSED_OVER;
            }
            sequence = fragmentSequence;
        }
        if (begun && fragmentSequence == sequence + 1) { // the one before was given up
            parts.drop();
            completed();
        }
        if (fragmentSequence != sequence || offset != received || (begun && messageTotal != total)) {
            return Step.MISSING;
        }
        begun = true;
        total = messageTotal;
        received += length;
        return Step.NEXT;
    }

    /** The present message is complete, or will not be; the next one is expected. */
    void completed() {
        sequence++;
        begun = false;
        received = 0;
    }

    /** It has said which message would be next; whether that fits what was seen. */
    boolean announces(long next) {
        if (sequence == UNKNOWN) {
            sequence = next;
        }
        return next == sequence || (begun && next == sequence + 1);
    }

    /** Begins anew with whatever comes. */
    void restart() {
        parts.drop();
        sequence = UNKNOWN;
        begun = false;
        received = 0;
    }

    @Override
    public String toString() {
        return "sender " + process.pid + "." + sender;
    }
}

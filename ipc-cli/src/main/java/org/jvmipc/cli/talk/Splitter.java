package org.jvmipc.cli.talk;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.jvmipc.cli.frame.CommandException;
import org.jvmipc.cli.frame.ErrorKind;
import org.jvmipc.cli.frame.Failure;
import org.jvmipc.cli.frame.Stdin;
import org.jvmipc.internal.Deadline;
import org.jvmipc.internal.Units;
import org.jvmipc.internal.posix.NativeBuffer;

/**
 * Cuts standard input into messages.
 *
 * <pre>{@code
 * while (true) {
 *     ByteBuffer message = splitter.next();
 *     if (message != null) { ... }                    // valid until the next call
 *     else if (splitter.isEnded()) break;
 *     else splitter.fill(stdin, Deadline.NEVER);
 * }
 * }</pre>
 *
 * <p>Memory is bounded by the largest message.
 */
abstract class Splitter {
    private static final int FIRST_BYTES = 1 << 16;

    private final long maxMessageBytes;
    private NativeBuffer memory = new NativeBuffer(FIRST_BYTES);
    private boolean ended;
    private long messages;

    /** What has been read and not been given out is from here ... */
    int at;
    /** ... to here. */
    int end;

    Splitter(long maxMessageBytes) {
        this.maxMessageBytes = maxMessageBytes;
    }

    /** The splitter for messages that are marked off so. */
    static Splitter of(Frame frame, long maxMessageBytes) {
        return switch (frame) {
            case LINE, FRAMED -> new DelimiterSplitter((byte) '\n', maxMessageBytes);
            case NUL -> new DelimiterSplitter((byte) 0, maxMessageBytes);
            case LEN32 -> new LengthSplitter(maxMessageBytes);
            case JSON -> new JsonSplitter(maxMessageBytes);
            case RAW -> new ChunkSplitter(maxMessageBytes);
        };
    }

    /**
     * The next message of what has been read; null if there is no whole one.
     *
     * @throws CommandException if what comes is none, or too large
     */
    final @Nullable ByteBuffer next() {
        ByteBuffer message = cut();
        if (message != null) {
            messages++;
        }
        return message;
    }

    /** Takes the next message from {@link #at} on, or answers null. */
    abstract @Nullable ByteBuffer cut();

    /** Whether the end of the input was read; {@link #next} may still have messages. */
    final boolean isEnded() {
        return ended;
    }

    /**
     * Reads what is there, and waits for it.
     *
     * @return false if the deadline passed
     */
    final boolean fill(Stdin stdin, Deadline deadline) throws IOException, InterruptedException {
        makeRoom();
        int count = stdin.read(memory, end, memory.capacity() - end, deadline);
        if (count == Stdin.END) {
            ended = true;
        } else if (count > 0) {
            end += count;
        }
        return count != Stdin.NOTHING;
    }

    private void makeRoom() {
        int free = at;
        if (at < end && end == memory.capacity()) {
            NativeBuffer target = at < memory.capacity() / 2 ? new NativeBuffer(doubled()) : memory;
            // Towards the front of the same memory too: the copy is that of memmove(3).
            target.bytes().duplicate().put(0, memory.bytes(), at, end - at);
            memory = target;
        } else if (at < end) {
            return;
        }
        end -= free;
        at = 0;
        moved(free);
    }

    private int doubled() {
        return (int) Math.min(Integer.MAX_VALUE - 8L, 2L * memory.capacity());
    }

    /** What was read has moved towards the front, by so many bytes. */
    void moved(int bytes) {}

    final byte get(int index) {
        return memory.bytes().get(index);
    }

    final ByteBuffer bytes() {
        return memory.bytes();
    }

    /** The bytes of a message, which {@link #at} is set behind. */
    final ByteBuffer take(int from, int to, int next) {
        requireFits(to - from);
        at = next;
        return memory.bytes().duplicate().limit(to).position(from);
    }

    final void requireFits(long length) {
        if (length > maxMessageBytes) {
            throw failure(
                    ErrorKind.LIMIT,
                    "it is longer than the largest message, which is " + Units.formatSize(maxMessageBytes),
                    "give -f raw to send the input in pieces; or a larger max, where the address takes one");
        }
    }

    final CommandException failure(ErrorKind kind, String why, String... fixes) {
        return new CommandException(Failure.of(kind, "stdin, message " + (messages + 1) + ": " + why, fixes));
    }
}

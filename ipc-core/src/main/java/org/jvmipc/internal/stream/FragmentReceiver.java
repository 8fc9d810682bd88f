package org.jvmipc.internal.stream;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.jvmipc.Address;
import org.jvmipc.Capability;
import org.jvmipc.Codec;
import org.jvmipc.CorruptDataException;
import org.jvmipc.IpcException;
import org.jvmipc.LimitException;
import org.jvmipc.PeerGoneException;
import org.jvmipc.PeerGoneException.Reason;
import org.jvmipc.internal.Deadline;
import org.jvmipc.internal.posix.PolledFd;

/**
 * Receives messages from the fragments of {@link FragmentLayout}, which any number of senders put into one FIFO, come and go,
 * and die.
 *
 * <p><b>Deaths.</b> The kernel ends the stream only when the last sender has gone. So each sender's process is watched from
 * its first fragment on ({@link org.jvmipc.internal.DeathWatch}); when it has died, all that it sent is in the pipe, which is
 * read up to there before its death is told, once, and what it left incomplete is dropped.
 *
 * <p><b>Damage.</b> Bytes that are no fragment are passed over up to the next fragment whose checksum is right, and told
 * once. One run of them, shorter than a fragment, is expected and not told: at the start, when the reader before has died
 * with a part of a fragment, and behind a sender that died in one.
 */
public final class FragmentReceiver<T> extends FrameReceiver<T> {
    /** Enough of a header to be believed for a while. */
    private static final int START_BYTES = 8;

    private static final int HEADER = FragmentLayout.HEADER_BYTES;

    private final FifoTraffic traffic;
    private final FragmentSources sources;
    private final int largestFragment;

    /** What is to be told before anything else is received. */
    private final Queue<IpcException> due = new ArrayDeque<>();

    private boolean revoked;

    private long skipped;
    private String fault = "";
    private boolean lenient = true;
    private int goodbyes;

    /** Takes over the descriptor, a non-blocking read end of a FIFO. */
    public FragmentReceiver(
            PolledFd fd,
            Address address,
            Set<Capability> capabilities,
            Codec<T> codec,
            int maxMessageBytes,
            FifoTraffic traffic) {
        super(fd, address, capabilities, codec, maxMessageBytes, true);
        this.traffic = traffic;
        this.sources = new FragmentSources(traffic, maxMessageBytes, fd::nudge);
        this.largestFragment =
                traffic == FifoTraffic.ONE_SENDER ? FragmentLayout.MAX_FRAGMENT_BYTES : FrameFormat.PIPE_BUF;
    }

    @Override
    @Nullable
    T take(Deadline deadline) throws IOException, InterruptedException {
        int reads = 0;
        while (true) {
            if (isInBatch()) {
                return nextOfBatch();
            }
            tellDeaths();
            tellDue();
            if (!fragmentIsHere()) {
                tellDue();
                if (!mayReadAgain(deadline, reads) || !more(deadline)) {
                    return null;
                }
                reads++;
                continue;
            }
            tellDue();
            T message = nextFragment();
            if (message != null) {
                return message;
            }
        }
    }

    @Override
    boolean hasMessage() {
        return isInBatch() || !due.isEmpty() || sources.someDied() || fragmentIsHere();
    }

    private void tellDue() throws IpcException {
        IpcException event = due.poll();
        if (event != null) {
            event.fillInStackTrace(); // of who receives it
            throw event;
        }
    }

    // ---- bytes to fragments

    /** Whether a whole fragment, its checksum right, is next in the read-ahead; passes over what is none. */
    private boolean fragmentIsHere() {
        while (ahead.end - ahead.at >= START_BYTES) {
            String problem = null;
            if (FragmentLayout.mayBegin(ahead.bytes(), ahead.at)) {
                if (ahead.end - ahead.at < HEADER) {
                    return false;
                }
                problem = FragmentLayout.fault(ahead.bytes(), ahead.at);
                int length = ahead.bytes().getInt(ahead.at + FragmentLayout.LENGTH_OFFSET);
                if (problem == null && length > largestFragment - FragmentLayout.OVERHEAD_BYTES) {
                    problem = "a fragment of " + length + " bytes is too long for a FIFO of several senders";
                }
                if (problem == null) {
                    if (ahead.end - ahead.at < FragmentLayout.OVERHEAD_BYTES + length) {
                        return false;
                    }
                    if (checkSum(length)) {
                        found();
                        return true;
                    }
                    problem = "the checksum of a fragment of " + length + " bytes is wrong";
                }
            }
            skip(problem == null ? "no fragment begins here" : problem);
        }
        return false;
    }

    private boolean checkSum(int length) {
        int sum = ahead.bytes().getInt(ahead.at + HEADER + length);
        int expected = FragmentLayout.checksum(ahead.buffer, ahead.at, length, crc);
        revoked = sum == (expected ^ FrameLayout.REVOKED);
        return revoked || sum == expected;
    }

    private void skip(String problem) {
        if (skipped == 0) {
            fault = problem;
        }
        ahead.at++;
        skipped++;
    }

    /** A fragment follows: what was passed over before it is told, unless it was to be expected. */
    private void found() {
        if (skipped > 0 && !(lenient && skipped < largestFragment)) {
            due.add(damage());
        }
        skipped = 0;
        lenient = false;
    }

    private CorruptDataException damage() {
        return new CorruptDataException(
                address() + ": " + skipped + " bytes that are no fragments of a message were passed" + " over: " + fault
                        + "; something else writes into this FIFO, or reads from it");
    }

    @Override
    IOException corrupt(String problem) {
        return new CorruptDataException(address() + ": " + problem);
    }

    /** Reads on; bytes that are no whole fragment while nothing follows them are looked at again. */
    private boolean more(Deadline deadline) throws IOException, InterruptedException {
        if (ahead.isEmpty() && skipped == 0) {
            return fill(deadline);
        }
        if (fill(Deadline.NOW)) {
            return true;
        }
        if (passOverRest()) {
            return true;
        }
        return !deadline.isNow() && fill(deadline);
    }

    /** The pipe is empty; whether the rest in the read-ahead, which is no fragment yet, will not become one either. */
    private boolean passOverRest() {
        boolean rest = !ahead.isEmpty();
        if (rest && traffic != FifoTraffic.ONE_SENDER) {
            fault = skipped == 0 ? "the rest of a fragment is missing" : fault;
            skipped += ahead.end - ahead.at; // fragments here come in one piece
            ahead.at = ahead.end;
        } else if (rest) {
            return dropDeadRest();
        }
        if (skipped > 0 && !(lenient && skipped < largestFragment)) {
            due.add(damage());
            skipped = 0;
            return true;
        }
        return false;
    }

    /** Drops the beginning of a fragment whose sender has died in it; another's may have begun behind it already. */
    private boolean dropDeadRest() {
        boolean header = ahead.end - ahead.at >= HEADER;
        FragmentSource owner = sources.died(ahead.total(), header ? ahead : null);
        if (owner == null) {
            return false;
        }
        lenient = true;
        do {
            ahead.at++;
        } while (ahead.end - ahead.at >= START_BYTES && !FragmentLayout.mayBegin(ahead.bytes(), ahead.at));
        owner.endsHere(ahead.position());
        return true;
    }

    // ---- fragments to messages

    /** Takes the fragment that is here; a message if it completes one. */
    private @Nullable T nextFragment() throws IOException {
        int frame = ahead.at;
        int length = ahead.bytes().getInt(frame + FragmentLayout.LENGTH_OFFSET);
        byte type = ahead.bytes().get(frame + FragmentLayout.TYPE_OFFSET);
        long sequence = ahead.bytes().getLong(frame + FragmentLayout.SEQUENCE_OFFSET);
        FragmentSource source = sources.of(ahead.bytes(), frame);
        if (source == null) {
            pass(length);
            throw tooManySenders();
        }
        if (type == FragmentLayout.MESSAGE || type == FragmentLayout.BATCH) {
            return nextPart(source, type, sequence, length);
        }
        pass(length);
        if (!source.announces(sequence) && traffic != FifoTraffic.PACKETS) {
            due.add(missing(source));
            source.restart();
        }
        if (type == FragmentLayout.END) {
            sources.remove(source);
            goodbyes++;
        }
        return null;
    }

    private void pass(int length) {
        ahead.at += FragmentLayout.OVERHEAD_BYTES + length;
    }

    private @Nullable T nextPart(FragmentSource source, byte type, long sequence, int length) throws IOException {
        int frame = ahead.at;
        int offset = ahead.bytes().getInt(frame + FragmentLayout.OFFSET_OFFSET);
        int total = ahead.bytes().getInt(frame + FragmentLayout.TOTAL_OFFSET);
        if (traffic != FifoTraffic.PACKETS) {
            FragmentSource.Step step = source.step(sequence, offset, length);
            if (step == FragmentSource.Step.MISSING) {
                source.restart(); // and this fragment is looked at again by the next call
                throw missing(source);
            }
            if (step == FragmentSource.Step.PASSED_OVER) {
                pass(length);
                return null;
            }
        } else if (length != total) {
            pass(length);
            throw corrupt("a part of a message in a FIFO of packets");
        }
        pass(length);
        return complete(source, type, frame + HEADER, length, offset + length == total);
    }

    private @Nullable T complete(FragmentSource source, byte type, int payload, int length, boolean last)
            throws IOException {
        if (revoked) {
            source.parts.drop();
            return null;
        }
        boolean alone = last && !source.isInMessage();
        if (!alone) {
            source.parts.append(ahead.bytes(), payload, length);
        }
        if (!last) {
            return null;
        }
        source.completed();
        if (type == FragmentLayout.BATCH) {
            beginBatch(payload, length);
            return null;
        }
        return alone ? decodeWhole(payload, length) : decodeParts(source.parts);
    }

    private CorruptDataException missing(FragmentSource source) {
        return new CorruptDataException(
                address() + ": messages of " + source + " are missing: another reader has taken them");
    }

    private LimitException tooManySenders() {
        return new LimitException(
                address() + ": a message was dropped, it comes from one sender too many",
                "senders at one time",
                FragmentSources.MOST,
                "use several FIFOs");
    }

    // ---- departures

    /** Makes the deaths due whose last bytes were taken. */
    private void tellDeaths() throws IOException {
        if (!sources.someDied()) {
            return;
        }
        sources.noteDeaths(ahead.total() + fd.bytesWaiting());
        FragmentSource dead;
        while ((dead = sources.removeOver(ahead.position())) != null) {
            due.add(died(dead));
        }
        if (!due.isEmpty() && sources.isEmpty() && ahead.isEmpty() && fd.isHungUp() && fd.bytesWaiting() == 0) {
            ahead.detach(); // it was the last one: that is the end of this stream, told already
            goodbyes = 0;
        }
    }

    private PeerGoneException died(FragmentSource source) {
        return new PeerGoneException(
                Reason.DIED,
                address(),
                source.pid,
                source
                        + (source.isInMessage()
                                ? " is gone in the middle of a message: it died; the part is dropped"
                                : " is gone without goodbye: it died, or ended without closing"));
    }

    /** The last sender has gone. Who did not say goodbye has died; where another reader may have it, who knows. */
    @Override
    @Nullable
    PeerGoneException endOfStream() {
        if (skipped > 0) {
            due.add(damage());
        }
        skipped = 0;
        lenient = true;
        ahead.at = ahead.end;
        boolean packets = traffic == FifoTraffic.PACKETS;
        boolean deaths = false;
        FragmentSource source;
        while ((source = sources.removeAny()) != null) {
            if (!packets) {
                due.add(died(source));
                deaths = true;
            } else if (!deaths && !sources.isAlive(source)) {
                due.add(unknown(source));
                deaths = true;
            }
        }
        if (!deaths && (goodbyes > 0 || packets)) {
            due.add(new PeerGoneException(Reason.CLOSED, address(), "the last sender has closed"));
        }
        goodbyes = 0;
        return null; // what is due is told at once, and otherwise the next sender is waited for
    }

    private PeerGoneException unknown(FragmentSource source) {
        return new PeerGoneException(
                Reason.UNKNOWN,
                address(),
                source.pid,
                "all senders are gone; whether " + source + " said goodbye another reader may know");
    }

    @Override
    public void close() throws IOException {
        try {
            super.close();
        } finally {
            sources.close();
        }
    }
}

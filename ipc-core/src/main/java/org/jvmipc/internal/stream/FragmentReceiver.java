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
import org.jvmipc.internal.Deadline;
import org.jvmipc.internal.posix.PolledFd;

/**
 * Receives messages from the fragments of {@link FragmentLayout}, which any number of senders put into one FIFO, come and go,
 * and die.
 *
 * <p><b>Departures.</b> The kernel ends the stream only when the last sender has gone. So each sender's process is watched
 * from its first fragment on ({@link org.jvmipc.internal.DeathWatch}); when it has died, all that it sent is in the pipe,
 * which is read up to there before its death is told, once, and what it left incomplete is dropped. At the end of the stream
 * those who are left without a goodbye have died too; then, if anybody said goodbye, the close of the last one is told. A
 * sender of which this receiver got nothing, not even its greeting, comes and goes without a word.
 *
 * <p><b>Damage.</b> Bytes that are no fragment are passed over up to the next fragment whose checksum is right, and told
 * once. A run of them shorter than a fragment is expected and not told: at the start, when the reader before has died with a
 * part of a fragment; and in a FIFO of one sender where the next one's fragments follow, because the one before has died in
 * the middle of a write.
 */
public final class FragmentReceiver<T> extends FrameReceiver<T> {
    private static final long NONE = -1;

    private final FifoTraffic traffic;
    private final PartsMemory memory;
    private final FragmentScanner scanner;
    private final FragmentSources sources;
    private final FragmentEvents events;

    /** What is to be told before anything else is received. */
    private final Queue<IpcException> due = new ArrayDeque<>();

    /** Where in the stream it ended, while there is something before that; what comes behind is another generation's. */
    private long ending = NONE;

    /** Whether nothing was found yet: the first bytes may be the rest of a fragment. */
    private boolean atStart = true;

    /** Whether a death was told while a part of a fragment, perhaps of the dead one, was left. */
    private boolean torn;

    private int goodbyes;

    /**
     * Takes over the descriptor, a non-blocking read end of a FIFO.
     *
     * @param exact whether nothing is read beyond the last fragment of the message that is received
     */
    public FragmentReceiver(
            PolledFd fd,
            Address address,
            Set<Capability> capabilities,
            Codec<T> codec,
            int maxMessageBytes,
            FifoTraffic traffic,
            boolean exact) {
        this(
                fd,
                address,
                capabilities,
                codec,
                maxMessageBytes,
                traffic,
                Runtime.getRuntime().maxMemory() / 4,
                exact);
    }

    /** The same with as much memory for all messages that are incomplete, or two of the largest if that is more. */
    FragmentReceiver(
            PolledFd fd,
            Address address,
            Set<Capability> capabilities,
            Codec<T> codec,
            int maxMessageBytes,
            FifoTraffic traffic,
            long partsBytes,
            boolean exact) {
        super(fd, address, capabilities, codec, maxMessageBytes, true, exact);
        this.traffic = traffic;
        this.memory = new PartsMemory(maxMessageBytes, Math.max(partsBytes, 2L * maxMessageBytes));
        this.scanner = new FragmentScanner(ahead, crc, traffic);
        this.events = new FragmentEvents(address);
        this.sources = new FragmentSources(traffic, memory, this::nudge);
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
            if (fragmentIsHere()) {
                tellDue();
                T message = nextFragment();
                if (message != null) {
                    return message;
                }
            } else if (mayReadAgain(deadline, reads) && more(deadline)) {
                reads++;
            } else {
                return null;
            }
        }
    }

    @Override
    boolean hasMessage() {
        takeHellos();
        return isInBatch()
                || !due.isEmpty()
                || sources.someDied()
                || ending != NONE
                || fragmentIsHere()
                || isDamageToTell();
    }

    /** That bytes have come may mean no more than that a sender has said hello; only who takes them knows. */
    @Override
    boolean hasArrived() throws IOException {
        try {
            return ahead.isExact() || (fill(Deadline.NOW) && hasMessage());
        } catch (InterruptedException e) {
            throw new IllegalStateException("a look that never waits was interrupted", e);
        }
    }

    /**
     * The rest of the header, which is shorter than any fragment, then that of the fragment: what is here begins one, or was
     * passed over.
     */
    @Override
    int wanted() {
        if (!ahead.isExact()) {
            return Integer.MAX_VALUE;
        }
        int here = ahead.end - ahead.at;
        if (here < FragmentLayout.HEADER_BYTES) {
            return FragmentLayout.HEADER_BYTES - here;
        }
        int length = ahead.bytes().getInt(ahead.at + FragmentLayout.LENGTH_OFFSET);
        return Math.max(1, FragmentLayout.OVERHEAD_BYTES + length - here);
    }

    private void takeHellos() {
        while (!isInBatch() && ending == NONE && fragmentIsHere() && type() == FragmentLayout.HELLO) {
            FragmentSource source = sources.of(ahead.bytes(), ahead.at);
            if (source == null) {
                return; // one too many, which a receive tells
            }
            greeted(source);
        }
    }

    private void tellDue() throws IpcException {
        IpcException event = due.poll();
        if (event != null) {
            event.fillInStackTrace(); // of who receives it
            throw event;
        }
    }

    // ---- bytes to fragments

    /** Whether a whole fragment is next; what had to be passed over before it is made due. */
    private boolean fragmentIsHere() {
        boolean over = ending != NONE;
        int end = over ? ahead.at + (int) (ending - ahead.position()) : ahead.end;
        if (!scanner.find(end, over)) {
            return false;
        }
        if (scanner.skipped() > 0) {
            tellSkipped(traffic == FifoTraffic.ONE_SENDER && !sources.isLast(ahead.bytes(), ahead.at));
        }
        atStart = false;
        torn = false;
        return true;
    }

    /** What was passed over is told, unless it was to be expected. */
    private void tellSkipped(boolean expected) {
        boolean few = scanner.skipped() < scanner.largestFragment;
        if (scanner.skipped() > 0 && !(few && (expected || atStart))) {
            due.add(events.skipped(scanner));
        }
        scanner.forget();
    }

    @Override
    IOException corrupt(String problem) {
        return new CorruptDataException(address() + ": " + problem);
    }

    /** Reads on, or settles what will not be followed by anything; false if the deadline passed first. */
    private boolean more(Deadline deadline) throws IOException, InterruptedException {
        if (ending != NONE) {
            endHere();
            return true;
        }
        boolean rest = !ahead.isEmpty() && (traffic != FifoTraffic.ONE_SENDER || torn || sources.someDied());
        if (!rest && scanner.skipped() == 0 && !sources.someDied()) {
            return fill(deadline);
        }
        return fill(Deadline.NOW) || settle() || (!deadline.isNow() && fill(deadline));
    }

    /** Whether a receive that finds the pipe empty would tell of bytes that are no fragments; see {@link #settle()}. */
    private boolean isDamageToTell() {
        boolean rest = !ahead.isEmpty();
        if (rest && traffic != FifoTraffic.ONE_SENDER) {
            return true;
        }
        boolean few = scanner.skipped() < scanner.largestFragment;
        return scanner.skipped() > 0 && !(few && (atStart || rest));
    }

    /** The pipe is empty: whether that says something of the bytes that are here. */
    private boolean settle() {
        boolean rest = !ahead.isEmpty();
        if (rest && traffic != FifoTraffic.ONE_SENDER) {
            scanner.find(ahead.end, true); // here fragments come in one piece
            return true;
        }
        if (rest && (torn || sources.someOver(ahead.total()))) {
            // The one who died may have left a part of a fragment, and the next one begun behind it.
            if (scanner.findInside(ahead.end)) {
                return true;
            }
            torn = true;
        }
        if (tellOver(Long.MAX_VALUE)) { // what is not in the pipe will not come: another reader has it
            return true;
        }
        boolean few = scanner.skipped() < scanner.largestFragment;
        if (scanner.skipped() == 0 || (few && (atStart || rest))) { // whose fragment comes next will tell
            return false;
        }
        tellSkipped(false);
        return true;
    }

    // ---- fragments to messages

    /** Takes the fragment that is here; a message if it completes one. */
    private @Nullable T nextFragment() throws IOException {
        int frame = ahead.at;
        int length = ahead.bytes().getInt(frame + FragmentLayout.LENGTH_OFFSET);
        byte type = type();
        FragmentSource source = sources.of(ahead.bytes(), frame);
        if (source == null) {
            return passOne(frame, length);
        }
        if (type == FragmentLayout.MESSAGE || type == FragmentLayout.BATCH) {
            return nextPart(source, type, sequence(), length);
        }
        greeted(source);
        if (type == FragmentLayout.END) {
            sources.remove(source);
            goodbyes++;
        }
        return null;
    }

    private byte type() {
        return ahead.bytes().get(ahead.at + FragmentLayout.TYPE_OFFSET);
    }

    private long sequence() {
        return ahead.bytes().getLong(ahead.at + FragmentLayout.SEQUENCE_OFFSET);
    }

    /** Takes a hello or a goodbye, which says what comes next. */
    private void greeted(FragmentSource source) {
        long sequence = sequence();
        pass(0);
        if (!source.announces(sequence) && traffic != FifoTraffic.PACKETS) {
            due.add(events.missing(source));
            source.restart();
        }
    }

    private void pass(int length) {
        ahead.at += FragmentLayout.OVERHEAD_BYTES + length;
    }

    /** Passes over a fragment of one sender too many; its message is told once. */
    private @Nullable T passOne(int frame, int length) throws LimitException {
        byte type = type();
        boolean begins = (type == FragmentLayout.MESSAGE || type == FragmentLayout.BATCH)
                && ahead.bytes().getInt(frame + FragmentLayout.OFFSET_OFFSET) == 0;
        pass(length);
        if (begins) {
            throw events.tooManySenders();
        }
        return null;
    }

    private @Nullable T nextPart(FragmentSource source, byte type, long sequence, int length) throws IOException {
        int frame = ahead.at;
        int offset = ahead.bytes().getInt(frame + FragmentLayout.OFFSET_OFFSET);
        int total = ahead.bytes().getInt(frame + FragmentLayout.TOTAL_OFFSET);
        if (traffic != FifoTraffic.PACKETS) {
            FragmentSource.Step step = source.step(sequence, offset, length, total);
            if (step == FragmentSource.Step.MISSING) {
                source.restart(); // and this fragment is looked at again by the next call
                throw events.missing(source);
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
        if (scanner.isRevoked()) {
            source.parts.drop();
            return null;
        }
        return complete(source, type, frame + FragmentLayout.HEADER_BYTES, length, total, offset + length == total);
    }

    private @Nullable T complete(FragmentSource source, byte type, int payload, int length, int total, boolean last)
            throws IOException {
        boolean alone = last && !source.isInMessage();
        if (!alone) {
            source.heardAt = ahead.position();
            source.parts.append(ahead.bytes(), payload, length, total);
            if (memory.isOverdrawn()) {
                sources.saveMemory(source);
            }
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

    @Override
    LimitException givenUp() {
        return events.givenUp(memory);
    }

    // ---- departures

    /** Makes the deaths due whose last bytes were taken. */
    private void tellDeaths() throws IOException {
        if (!sources.someDied()) {
            return;
        }
        if (sources.markDeaths()) { // who dies behind this look at the pipe is for the next one
            sources.noteDeaths(ahead.total() + fd.bytesWaiting());
        }
        tellOver(ahead.position());
    }

    private boolean tellOver(long position) {
        boolean some = false;
        FragmentSources.Gone dead;
        while ((dead = sources.removeOver(position)) != null) {
            due.add(events.died(dead));
            some = true;
        }
        return some;
    }

    /** The last sender has gone; that is told when all before it was taken. */
    @Override
    @Nullable
    PeerGoneException endOfStream() {
        ending = ahead.total();
        return null;
    }

    /** Who did not say goodbye has died; where another reader may have it, who knows. */
    private void endHere() {
        tellSkipped(torn || (traffic == FifoTraffic.ONE_SENDER && !sources.isEmpty()));
        ending = NONE;
        torn = false;
        ahead.detach();
        boolean packets = traffic == FifoTraffic.PACKETS;
        boolean unknown = false;
        FragmentSources.Gone gone;
        while ((gone = sources.removeAny()) != null) {
            if (!packets) {
                due.add(events.died(gone));
            } else if (!unknown && !sources.isAlive(gone.source())) {
                due.add(events.unknown(gone.source()));
                unknown = true;
            }
        }
        if (!unknown && (goodbyes > 0 || packets)) {
            due.add(events.closed());
        }
        goodbyes = 0;
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

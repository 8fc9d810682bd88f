package org.jvmipc.shm.internal.ring;

import java.io.IOException;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.jvmipc.LimitException;
import org.jvmipc.PeerGoneException;
import org.jvmipc.shm.DamagedSegmentException;
import org.jvmipc.shm.RingFullPolicy;
import org.jvmipc.shm.RingKind;
import org.jvmipc.shm.internal.LateErrors;
import org.jvmipc.shm.internal.RingLayout;
import org.jvmipc.shm.internal.RingShape;
import org.jvmipc.shm.internal.Words;

/**
 * One receiver of a ring: its place, the lanes that it takes from in turn, and what it knows of the senders.
 *
 * <p><b>Thread safety.</b> None but {@link #close()}, which nobody may call while another is inside; and {@link #isReady()}.
 */
final class RingConsumer implements RingWait.Condition {
    /** How many looks there are between two for late errors, each of which allocates a little on Java 17. */
    private static final int LOOK = 1024;

    private final RingMemory memory;
    private final ByteBuffer bytes;
    private final RingShape shape;
    private final boolean broadcast;
    private final boolean mayBeDropped;
    private final int place;
    private final LaneConsumer[] lanes;

    /** If there is but one. */
    private final @Nullable LaneConsumer only;

    /** The lane of the message that was found last; an index, as a reference that is stored for each message costs a barrier. */
    private int turn;

    private volatile int changesSeen;
    private volatile int joinedEnded;
    private int diedEnded;
    private boolean present;
    private int looks;
    private int taken;
    private boolean detached;

    /** Takes the receiver's place, or one of a broadcast's. */
    RingConsumer(RingMemory memory) throws IOException {
        this.memory = memory;
        this.bytes = memory.bytes();
        this.shape = memory.shape();
        this.broadcast = shape.kind() == RingKind.BROADCAST;
        this.mayBeDropped = shape.whenFull() == RingFullPolicy.DROP_SLOWEST;
        this.place =
                Places.take(memory, shape.receivers(), i -> memory.receiver(i) + RingLayout.RECEIVER_OWNER, "receiver");
        this.lanes = new LaneConsumer[shape.lanes()];
        boolean attached = false;
        try {
            for (int i = 0; i < lanes.length; i++) {
                lanes[i] = new LaneConsumer(memory, i, broadcast ? place : i);
            }
            only = lanes.length == 1 ? lanes[0] : null;
            if (broadcast) {
                expectEnd();
                join();
            } else {
                resume();
            }
            memory.changed();
            changesSeen = memory.changes() - 1; // to be looked at
            attached = true;
        } finally {
            if (!attached) {
                Places.give(memory, memory.receiver(place) + RingLayout.RECEIVER_OWNER);
            }
        }
    }

    private int word(int at) {
        return Words.getVolatile(bytes, memory.receiver(place) + at);
    }

    private void setWord(int at, int value) {
        Words.setVolatile(bytes, memory.receiver(place) + at, value);
    }

    private void resume() {
        setWord(RingLayout.RECEIVER_DEPARTURE, 0);
        joinedEnded = memory.word(RingLayout.ENDED_JOINED);
        diedEnded = memory.word(RingLayout.ENDED_DIED);
        for (LaneConsumer lane : lanes) {
            lane.resume();
        }
    }

    /** Of a sender that is there now the end is to be told, of one that has gone before it is not. */
    private void expectEnd() {
        int joined = memory.word(RingLayout.SENDERS_JOINED); // first: who joins after it has an end to be told
        joinedEnded = joined - (isAnySenderThere() ? 1 : 0);
        diedEnded = memory.word(RingLayout.SENDERS_DIED);
    }

    /**
     * Begins where the sender is. It may go on meanwhile as if nobody were here; once it has been said that somebody is, it does
     * not write over what is behind its tail of then.
     */
    private void join() {
        setWord(RingLayout.RECEIVER_STATE, RingLayout.JOINING);
        lanes[0].begin(tail());
        setWord(RingLayout.RECEIVER_STATE, RingLayout.IN);
        VarHandle.fullFence();
        lanes[0].begin(tail());
    }

    private long tail() {
        return Words.getLongVolatile(bytes, memory.lane(0) + RingLayout.LANE_TAIL);
    }

    // ---- messages

    /**
     * The length of the next message, {@link LaneConsumer#NONE} if there is none. It stays where it is until it is {@linkplain
     * #done() done}.
     */
    int next() throws LimitException {
        LaneConsumer lane = only;
        if (lane != null) {
            return mayBeDropped ? nextIfIn(lane) : lane.next();
        }
        return nextInTurn();
    }

    private int nextInTurn() {
        for (int i = 0; i < lanes.length; i++) {
            turn = turn + 1 < lanes.length ? turn + 1 : 0;
            int length = lanes[turn].next();
            if (length >= 0) {
                return length;
            }
        }
        return LaneConsumer.NONE;
    }

    private int nextIfIn(LaneConsumer lane) throws LimitException {
        try {
            int length = lane.next();
            requireIn();
            return length;
        } catch (DamagedSegmentException e) {
            requireIn(); // it was overwritten in order
            throw e;
        }
    }

    /**
     * Of a broadcast that drops who is slow: what was read is what was sent, if this receiver is still in.
     *
     * @throws LimitException if it was dropped; it has joined again
     */
    void requireIn() throws LimitException {
        if (!mayBeDropped) {
            return;
        }
        VarHandle.acquireFence(); // what was read before it was read before the state
        if (word(RingLayout.RECEIVER_STATE) != RingLayout.IN) {
            join();
            memory.changed();
            throw new LimitException(
                    memory.address()
                            + ": this receiver was too slow and was dropped; messages were lost, and it goes on"
                            + " with what is sent now",
                    "capacity",
                    shape.capacity(),
                    "receive faster, or create the ring larger");
        }
    }

    /** Whether what is received may be overwritten while it is looked at. */
    boolean mayBeDropped() {
        return mayBeDropped;
    }

    private LaneConsumer lane() {
        LaneConsumer lane = only;
        return lane != null ? lane : lanes[turn];
    }

    /** Where the message lies. */
    int message() {
        return lane().message();
    }

    /** It is taken. */
    void done() {
        taken++;
        lane().done();
    }

    @Override
    public int taken() {
        return taken;
    }

    /** Tells the senders that there is room: not at once when there is no message, as the next one may be on its way. */
    @Override
    public void settle() {
        for (LaneConsumer lane : lanes) {
            lane.publish();
        }
    }

    /** There is no message, and nobody waits for one. */
    void idle() {
        settle();
        if (++looks % LOOK == 0) {
            LateErrors.come(); // a page that was cut off looks empty
        }
    }

    /** Whether a receive would find a message, an end, or that this receiver was dropped. Any thread may ask. */
    boolean isReady() {
        return !isEmpty()
                || (memory.changes() != changesSeen && isEnd())
                || (mayBeDropped && word(RingLayout.RECEIVER_STATE) == RingLayout.DROPPED);
    }

    private boolean isEnd() {
        int joined = memory.word(RingLayout.SENDERS_JOINED);
        return joined != joinedEnded
                && !isAnySenderThere()
                && isEmpty()
                && memory.word(RingLayout.SENDERS_JOINED) == joined;
    }

    private boolean isEmpty() {
        for (LaneConsumer lane : lanes) {
            if (!lane.isEmpty()) {
                return false;
            }
        }
        return true;
    }

    private boolean isAnySenderThere() {
        for (int i = 0; i < lanes.length; i++) {
            if (Words.getVolatile(bytes, memory.lane(i) + RingLayout.LANE_OWNER) != 0) {
                return true;
            }
        }
        return false;
    }

    /** Whether there is a message, or reason to look whether it is the end. */
    @Override
    public boolean holds() {
        if (++looks % LOOK == 0) {
            LateErrors.come();
        }
        return !isEmpty() || memory.changes() != changesSeen;
    }

    // ---- the other side

    /**
     * Looks whether the stream has ended, when there is no message and somebody has come or gone: senders have joined since the
     * last end, none is there, and what they have sent was taken.
     *
     * @return how, null if it has not
     */
    PeerGoneException.@Nullable Reason end() {
        int changes = memory.changes();
        if (changes == changesSeen) {
            return null;
        }
        int joined = memory.word(RingLayout.SENDERS_JOINED);
        if (isAnySenderThere()) {
            present = true;
            changesSeen = changes;
            return null;
        }
        if (!isEmpty()) {
            return null; // what they sent before they left is seen now
        }
        int died = memory.word(RingLayout.SENDERS_DIED);
        if (memory.word(RingLayout.SENDERS_JOINED) != joined) {
            return null; // one more has come, and gone perhaps
        }
        present = false;
        changesSeen = changes;
        return joined == joinedEnded ? null : ended(joined, died);
    }

    private PeerGoneException.Reason ended(int joined, int died) {
        PeerGoneException.Reason reason =
                died == diedEnded ? PeerGoneException.Reason.CLOSED : PeerGoneException.Reason.DIED;
        joinedEnded = joined;
        diedEnded = died;
        if (!broadcast) {
            memory.setEnded(joined, died);
        }
        return reason;
    }

    /** Whether a sender is there: whether there is somebody to look out for. */
    boolean isPeerPresent() {
        return present;
    }

    /** Leaves; what was not taken stays for the next receiver, but of a broadcast. */
    void close() {
        if (detached) {
            return;
        }
        detached = true;
        try {
            for (LaneConsumer lane : lanes) {
                lane.publish();
            }
            setWord(RingLayout.RECEIVER_DEPARTURE, RingLayout.CLOSED);
            memory.count(RingLayout.RECEIVERS_DEPARTED);
            Places.give(memory, memory.receiver(place) + RingLayout.RECEIVER_OWNER);
            memory.changed();
            LateErrors.come();
        } catch (InternalError | RuntimeException e) {
            // The memory is gone or damaged: there is nobody to tell.
        } finally {
            memory.close();
        }
    }
}

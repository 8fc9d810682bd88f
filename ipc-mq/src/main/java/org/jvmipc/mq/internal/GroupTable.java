package org.jvmipc.mq.internal;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.jvmipc.CorruptDataException;
import org.jvmipc.LimitException;
import org.jvmipc.mq.MessageQueueOptions;
import org.jvmipc.shm.Segment;
import org.jvmipc.shm.sync.SharedMutex;
import org.jvmipc.shm.sync.SharedOwners;

/**
 * The groups of a queue: where each has its state.
 *
 * <p><b>Thread safety.</b> Yes.
 */
public final class GroupTable {
    private static final Pattern NAME = Pattern.compile("(?!\\.)[A-Za-z0-9._-]{1," + GroupLayout.MAX_NAME_BYTES + "}");
    private static final String SUFFIX = ".acks";

    private final QueueDirectory directory;
    private final MessageQueueOptions options;
    private final Segment segment;
    private final List<GroupState> states = new ArrayList<>();

    private GroupTable(QueueDirectory directory, MessageQueueOptions options, Segment segment) {
        this.directory = directory;
        this.options = options;
        this.segment = segment;
    }

    /** What the segment has to have room for, in bytes. */
    public static long bytes(int groups) {
        return groups * (GroupLayout.BYTES + GroupLayout.RANGES * 4L + 4 * 64);
    }

    /** Makes the objects of all groups there may be. */
    public static void create(Segment segment, int groups) throws IOException {
        for (int slot = 0; slot < groups; slot++) {
            segment.areaOrCreate(GroupLayout.area(slot), GroupLayout.BYTES);
            SharedMutex.openOrCreate(segment, GroupLayout.mutex(slot)).close();
            SharedOwners.openOrCreate(segment, GroupLayout.owners(slot), GroupLayout.RANGES)
                    .close();
        }
    }

    public static GroupTable open(QueueDirectory directory, MessageQueueOptions options, Segment segment)
            throws IOException {
        GroupTable table = new GroupTable(directory, options, segment);
        for (int slot = 0; slot < options.groups(); slot++) {
            table.states.add(new GroupState(segment.area(GroupLayout.area(slot))));
        }
        return table;
    }

    public static String requireName(String name) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("not the name of a group: '" + name
                    + "'; it is 1 to 64 characters of A-Z a-z 0-9 . _ - and does not start with a dot");
        }
        return name;
    }

    /** The states of the groups that there are. */
    public List<GroupState> present() {
        return states.stream().filter(GroupState::isInUse).toList();
    }

    /** Every group has taken the messages below it; 0 if there is no group. */
    public long taken() {
        long taken = Long.MAX_VALUE;
        for (GroupState each : states) {
            if (each.isInUse()) {
                taken = Math.min(taken, each.lowWater());
            }
        }
        return taken == Long.MAX_VALUE ? 0 : taken;
    }

    /**
     * Makes the groups anew from their journals, after a restart.
     *
     * @return no index below it is given again
     */
    public long restore() throws IOException {
        long next = 0;
        int slot = 0;
        try (DirectoryStream<Path> journals = Files.newDirectoryStream(directory.groups(), "*" + SUFFIX)) {
            for (Path each : journals) {
                String file = String.valueOf(each.getFileName());
                if (Journal.isUnfinished(each)) {
                    Files.deleteIfExists(each); // its maker was killed
                    continue;
                }
                Journal.Content content = readOrNull(each);
                if (content == null) {
                    continue; // who opens this group is told; the others go on
                }
                if (slot < states.size()) {
                    states.get(slot++).begin(file.substring(0, file.length() - SUFFIX.length()), content);
                }
                next = Math.max(next, content.next());
            }
        }
        return next;
    }

    private static Journal.@Nullable Content readOrNull(Path journal) throws IOException {
        try {
            return Journal.read(journal);
        } catch (CorruptDataException e) {
            return null;
        }
    }

    /** The slot of the group, -1 if there is none of this name. */
    private int find(String name) {
        for (int slot = 0; slot < states.size(); slot++) {
            if (Objects.equals(states.get(slot).name(), name)) {
                return slot;
            }
        }
        return -1;
    }

    /** Where a new group begins. */
    public interface Beginning {
        long index() throws IOException;
    }

    /**
     * Opens a group, which is made if there is none. The mutex {@code groups} is held.
     *
     * @throws CorruptDataException if its journal is damaged
     * @throws LimitException if there are as many as there may be
     */
    public GroupLeases open(String name, QueueState queue, String shown, Beginning beginning) throws IOException {
        int slot = find(name);
        if (slot >= 0 && !Files.exists(Journal.path(directory, name))) {
            end(slot); // who removed it was killed in the middle
            slot = -1;
        }
        if (slot < 0) {
            slot = freeSlot(shown);
            begin(slot, name, journalOf(name, beginning));
        }
        return opened(name, slot, queue, shown);
    }

    /** What is there: its maker was killed before it was in the table, or it is damaged, and nobody is to lose it unasked. */
    private Journal.Content journalOf(String name, Beginning beginning) throws IOException {
        Path path = Journal.path(directory, name);
        return Files.exists(path) && !Journal.isUnfinished(path)
                ? Journal.read(path)
                : Journal.create(directory, name, beginning.index(), options.sync());
    }

    private interface Step {
        void run() throws IOException;
    }

    /** A step under the mutex of the state itself: consumers of the group that was there may be at it still. */
    @SuppressWarnings("try") // the hold is closed, and that is all there is to do with it
    private void under(int slot, Step step) throws IOException {
        GroupState state = states.get(slot);
        try (SharedMutex mutex = mutex(slot);
                SharedMutex.MutexHold hold = GroupGate.guard(state, mutex).lockUninterruptibly()) {
            if (hold.previousOwnerDied()) {
                state.setRepairDue(true);
            }
            state.holder().set();
            step.run();
        }
    }

    private void begin(int slot, String name, Journal.Content journal) throws IOException {
        under(slot, () -> {
            states.get(slot).begin(name, journal);
            states.get(slot).setRepairDue(false); // all of it was written anew
        });
    }

    private void end(int slot) throws IOException {
        under(slot, () -> states.get(slot).end());
    }

    private int freeSlot(String shown) throws LimitException {
        for (int slot = 0; slot < states.size(); slot++) {
            if (!states.get(slot).isInUse()) {
                return slot;
            }
        }
        throw new LimitException(
                shown + ": no room for another consumer group",
                "groups",
                states.size(),
                "remove one, or create the queue for more");
    }

    private GroupLeases opened(String name, int slot, QueueState queue, String shown) throws IOException {
        SharedOwners owners = SharedOwners.open(segment, GroupLayout.owners(slot));
        Journal journal = null;
        boolean done = false;
        try {
            journal = Journal.open(directory, name, options.sync());
            GroupLeases leases = new GroupLeases(
                    shown + " group " + name, states.get(slot), queue, () -> mutex(slot), owners, journal);
            done = true;
            return leases;
        } finally {
            if (!done) {
                owners.close();
                if (journal != null) {
                    journal.close();
                }
            }
        }
    }

    private SharedMutex mutex(int slot) throws IOException {
        return SharedMutex.open(segment, GroupLayout.mutex(slot));
    }

    /** Forgets a group; false if there is none of this name. The mutex {@code groups} is held. */
    public boolean remove(String name) throws IOException {
        int slot = find(name);
        // First what is on disk: killed in between, whoever opens the group or removes it finds that.
        boolean deleted = Files.deleteIfExists(Journal.path(directory, name));
        if (slot >= 0) {
            end(slot);
        }
        return deleted || slot >= 0;
    }
}

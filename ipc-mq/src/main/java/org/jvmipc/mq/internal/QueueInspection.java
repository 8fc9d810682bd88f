package org.jvmipc.mq.internal;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jvmipc.CorruptDataException;
import org.jvmipc.internal.Deadline;
import org.jvmipc.mq.MessageQueueCheck;
import org.jvmipc.mq.MessageQueueStatus;
import org.jvmipc.shm.SegmentParticipant;

/** Looks at a queue without changing anything in it. */
public final class QueueInspection {
    private static final int MOST_DAMAGES = 100;

    private QueueInspection() {}

    /** How things stand. */
    public static MessageQueueStatus status(QueueLink link) throws IOException {
        QueueState state = link.state();
        long next = state.nextIndex();
        List<Cycle> cycles = link.directory().cycles().list(state.firstCycle(), state.currentCycle());
        List<MessageQueueStatus.Group> groups = new ArrayList<>();
        for (GroupState each : link.groups().present()) {
            groups.add(group(each, next));
        }
        return new MessageQueueStatus(
                cycles.isEmpty() ? next : cycles.get(0).firstIndex(),
                next,
                state.oldBytes() + StateLayout.offset(state.tail()),
                link.options().capacityBytes(),
                cycles.size(),
                link.segment().participants().stream()
                        .filter(SegmentParticipant::alive)
                        .map(each -> each.process().pid())
                        .toList(),
                groups);
    }

    private static MessageQueueStatus.Group group(GroupState group, long next) {
        long leased = 0;
        for (GroupRange each : group.ranges()) {
            if (each.isInUse()) {
                leased += each.count() - Long.bitCount(each.taken() & each.all());
            }
        }
        return new MessageQueueStatus.Group(
                String.valueOf(group.name()),
                Math.max(0, next - group.next()) + leased,
                leased,
                group.firstOpen(),
                group.redeliveries(),
                group.deadLetters());
    }

    /** Reads every message. */
    public static MessageQueueCheck check(QueueLink link, Duration time) throws IOException {
        Deadline deadline = Deadline.after(time);
        List<String> damages = new ArrayList<>();
        long messages = 0;
        long bytes = 0;
        try (LogReader reader = link.reader()) {
            reader.seekStart();
            while (!deadline.passed()) {
                try {
                    if (!reader.next()) {
                        return new MessageQueueCheck(messages, bytes, damages, true);
                    }
                    messages++;
                    bytes += reader.body().remaining();
                } catch (CorruptDataException e) {
                    if (damages.size() < MOST_DAMAGES) {
                        damages.add(String.valueOf(e.getMessage()));
                    }
                }
            }
        }
        return new MessageQueueCheck(messages, bytes, damages, false);
    }
}

package org.jvmipc.mq.internal;

import java.io.IOException;
import org.jvmipc.mq.ReceiveFrom;

/** Joins, makes and removes consumer groups. */
public final class GroupOpening {
    private GroupOpening() {}

    /** The name, if it is one. */
    public static String requireName(String group) {
        return GroupTable.requireName(group);
    }

    /**
     * Joins a group, which is made if there is none.
     *
     * @param from where a new one begins: at the start, the end or an index
     */
    public static GroupLeases open(QueueLink link, String group, ReceiveFrom from) throws IOException {
        GroupTable.requireName(group);
        return link.changingGroups(
                () -> link.groups().open(group, link.state(), link.address().toString(), () -> beginning(link, from)));
    }

    private static long beginning(QueueLink link, ReceiveFrom from) throws IOException {
        return switch (from.kind()) {
            case END -> link.state().nextIndex();
            case INDEX -> from.number();
            default -> link.oldestIndex();
        };
    }

    /** Forgets a group; its consumers find out by their next call. */
    public static boolean remove(QueueLink link, String group) throws IOException {
        GroupTable.requireName(group);
        boolean removed = link.changingGroups(() -> link.groups().remove(group));
        link.freeRoom();
        link.tellReceivers();
        return removed;
    }
}

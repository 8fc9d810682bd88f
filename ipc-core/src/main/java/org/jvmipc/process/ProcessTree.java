package org.jvmipc.process;

import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.jvmipc.IpcException;
import org.jvmipc.internal.Deadline;
import org.jvmipc.internal.SignalNames;

/**
 * A process with all that descends from it, and the process group it leads, so that all of them can be killed.
 *
 * <p>A process that is killed leaves its children to another parent, and one that runs may start more: so all are first
 * found and stopped (SIGSTOP), again and again until no new one is found, and then killed.
 */
final class ProcessTree {
    private static final Duration DEATH = Duration.ofSeconds(5);
    private static final int POLL_MILLIS = 2;
    private static final int ROUNDS = 50;

    /** A process by number and start time, and the way to signal it. */
    private record Member(ProcFs.Stat stat, ChildSignals signals) {
        boolean isAlive() {
            return isSame(stat);
        }
    }

    private final Map<Long, Member> members = new LinkedHashMap<>();
    private final long group;

    /** @param group the process group whose members belong to it, 0 for none */
    private ProcessTree(long group) {
        this.group = group;
    }

    /** The processes in the group now. */
    static List<ProcFs.Stat> inGroup(long group) {
        return ProcFs.all().stream().filter(stat -> stat.group() == group).toList();
    }

    static boolean isSame(ProcFs.Stat then) {
        ProcFs.Stat now = ProcFs.stat(then.pid());
        return now != null && now.startTime() == then.startTime() && !now.hasEnded();
    }

    /**
     * Kills all of it and waits until they have ended.
     *
     * @param roots where to begin; known to belong to it
     * @param group a process group that was proven to belong to it, 0 for none
     * @throws IpcException if some did not end within 5 s
     */
    static void kill(Collection<ProcFs.Stat> roots, long group) throws IOException, InterruptedException {
        ProcessTree tree = new ProcessTree(group);
        try {
            roots.forEach(tree::add);
            for (int round = 0; round < ROUNDS && tree.grow(); round++) {
                Thread.onSpinWait(); // what was just found may have started others before it was stopped
            }
            for (Member member : tree.members.values()) {
                member.signals().send(SignalNames.SIGKILL);
            }
            tree.awaitDeath();
        } finally {
            tree.members.values().forEach(member -> member.signals().close());
        }
    }

    /** Adds what descends from the members now. */
    private boolean grow() {
        List<ProcFs.Stat> all = ProcFs.all();
        Map<Long, ProcFs.Stat> byPid = new HashMap<>();
        all.forEach(stat -> byPid.put(stat.pid(), stat));
        int before = members.size();
        for (ProcFs.Stat stat : all) {
            if (!members.containsKey(stat.pid()) && belongs(stat, byPid)) {
                add(stat);
            }
        }
        return members.size() > before;
    }

    private boolean belongs(ProcFs.Stat stat, Map<Long, ProcFs.Stat> byPid) {
        if (group != 0 && stat.group() == group) {
            return true;
        }
        ProcFs.@Nullable Stat ancestor = stat;
        for (int depth = 0; ancestor != null && depth < ROUNDS; depth++) {
            if (members.containsKey(ancestor.parent())) {
                return true;
            }
            ancestor = byPid.get(ancestor.parent());
        }
        return false;
    }

    private void add(ProcFs.Stat stat) {
        Optional<ProcessHandle> handle = ProcessHandle.of(stat.pid());
        if (handle.isEmpty()) {
            return;
        }
        ChildSignals signals = new ChildSignals(handle.get());
        // Still the same after its pidfd was opened, so the pidfd is of no later bearer of the number.
        if (!isSame(stat)) {
            signals.close();
            return;
        }
        members.put(stat.pid(), new Member(stat, signals));
        try {
            signals.send(SignalNames.SIGSTOP);
        } catch (IOException e) {
            // it may run on until it is killed
        }
    }

    private void awaitDeath() throws IOException, InterruptedException {
        Deadline deadline = Deadline.after(DEATH);
        for (Member member : members.values()) {
            while (member.isAlive()) {
                if (deadline.passed()) {
                    throw new IpcException("process " + member.stat().pid() + " has not ended " + DEATH.toSeconds()
                            + " s after SIGKILL; it may hang in the kernel");
                }
                Thread.sleep(POLL_MILLIS);
            }
        }
    }
}

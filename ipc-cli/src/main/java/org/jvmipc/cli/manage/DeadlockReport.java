package org.jvmipc.cli.manage;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.jvmipc.cli.frame.Json;
import org.jvmipc.process.ProcessIdentity;
import org.jvmipc.shm.sync.Deadlock;

/** A deadlock as text, and as JSON. */
final class DeadlockReport {
    private static final String SCHEMA = "ipc.deadlock/1";

    private final Deadlock deadlock;
    /** Null if they are not wanted. */
    private final @Nullable ThreadStacks stacks;

    DeadlockReport(Deadlock deadlock, @Nullable ThreadStacks stacks) {
        this.deadlock = deadlock;
        this.stacks = stacks;
    }

    private ThreadStacks.@Nullable Stack stack(Deadlock.Waiting thread) {
        return stacks == null ? null : stacks.of(thread.process(), thread.threadId());
    }

    // ---- JSON

    String json() {
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("schema", SCHEMA);
        result.put("threads", deadlock.threads().stream().map(this::map).toList());
        return Json.line(result) + "\n";
    }

    private Map<String, Object> map(Deadlock.Waiting thread) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("pid", thread.process().pid());
        map.put("pidNamespace", thread.process().pidNamespace());
        map.put("thread", thread.threadId());
        ThreadStacks.Stack stack = stack(thread);
        if (stack != null && stack.name() != null) {
            map.put("name", stack.name());
        }
        map.put("since", thread.since().toString());
        map.put("timed", thread.timed());
        map.put("waitsFor", map(thread.waitsFor()));
        map.put("holds", thread.holds().stream().map(DeadlockReport::map).toList());
        if (stack != null) {
            map.put("stack", stack.frames());
        }
        if (stack != null && stack.whyNot() != null) {
            map.put("noStack", stack.whyNot());
        }
        return map;
    }

    private static Map<String, Object> map(Deadlock.Lock lock) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("address", lock.address().toString());
        map.put("mode", lock.mode().name().toLowerCase(Locale.ROOT));
        map.put("removed", lock.removed());
        return map;
    }

    // ---- text

    String text() {
        List<String> lines = new ArrayList<>();
        int count = deadlock.threads().size();
        lines.add(
                count == 1
                        ? "deadlock: a thread waits for itself"
                        : "deadlock: " + count + " threads wait in a circle");
        deadlock.threads().forEach(each -> addThread(lines, each));
        return String.join("\n", lines) + "\n";
    }

    private void addThread(List<String> lines, Deadlock.Waiting thread) {
        ThreadStacks.Stack stack = stack(thread);
        String name = stack == null || stack.name() == null ? "" : " \"" + printable(stack.name()) + "\"";
        lines.add("  process " + pid(thread.process()) + ", thread" + name + " #" + thread.threadId());
        lines.add("    waits for  " + lock(thread.waitsFor()) + ", since " + thread.since()
                + (thread.timed() ? ", for a limited time" : ""));
        thread.holds().forEach(each -> lines.add("    holds      " + lock(each)));
        if (stack != null && stack.whyNot() != null) {
            lines.add("    no stack: " + printable(stack.whyNot()));
        } else if (stack != null) {
            stack.frames().forEach(each -> lines.add("      " + printable(each)));
        }
    }

    private static String pid(ProcessIdentity process) {
        boolean here = process.pidNamespace() == ProcessIdentity.self().pidNamespace();
        return process.pid() + (here ? "" : " of pid namespace " + process.pidNamespace());
    }

    private static String lock(Deadlock.Lock lock) {
        String how =
                switch (lock.mode()) {
                    case EXCLUSIVE -> "";
                    case SHARED -> " (shared)";
                    case ALONE -> " (until nobody reads)";
                };
        return lock.address() + how + (lock.removed() ? " (its name is gone)" : "");
    }

    /** What another process has named cannot do anything to the terminal. */
    private static String printable(String text) {
        return text.replaceAll("\\p{Cntrl}", "?");
    }
}

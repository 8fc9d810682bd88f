package org.jvmipc.cli.sync;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.jvmipc.Address;
import org.jvmipc.cli.frame.Console;
import org.jvmipc.cli.frame.CountConverter;
import org.jvmipc.cli.frame.ExitCode;
import org.jvmipc.cli.frame.Json;
import org.jvmipc.shm.sync.SharedBarrier;
import org.jvmipc.shm.sync.SharedCondition;
import org.jvmipc.shm.sync.SharedEvent;
import org.jvmipc.shm.sync.SharedLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ipc notify}: what ends the waiting of others. */
@Command(
        name = "ipc notify",
        synopsisHeading = "Usage: ",
        customSynopsis = "ipc notify ADDR [--reset] [--all] [-n COUNT] [options]",
        description = {
            "Sets an event, counts down a latch, or signals a condition; with --reset",
            "resets an event, or begins anew at a barrier that is broken."
        },
        optionListHeading = "%nOptions%n",
        parameterListHeading = "%n",
        footerHeading = "%nExamples%n",
        footer = {
            "  ipc notify event:stop                sets it",
            "  ipc notify event:stop --reset",
            "  ipc notify latch:ready -n 2          two less to be counted",
            "  ipc notify cond:filled --all         wakes all who wait, not one",
            "  ipc notify barrier:step --reset      after one who took part has died"
        },
        sortOptions = false)
public final class NotifyCommand extends SynchronizeCommand {
    private static final String SCHEMA = "ipc.notify/1";
    private static final String EVENT = "event";
    private static final String LATCH = "latch";
    private static final String BARRIER = "barrier";
    private static final String CONDITION = "cond";

    @Parameters(
            index = "0",
            paramLabel = "ADDR",
            description = "Whom to notify: event:, latch: or cond:; barrier: with --reset.")
    private String address = "";

    @Option(names = "--reset", description = "Of event:, barrier:: reset it.")
    private boolean reset;

    @Option(names = "--all", description = "Of cond:: wake all who wait, not only one.")
    private boolean all;

    @Option(
            names = {"-n", "--count"},
            paramLabel = "COUNT",
            converter = CountConverter.class,
            description = "Of latch:: count down by so many (default 1).")
    private @Nullable Long count;

    /** The verb. */
    public NotifyCommand() {
        super("notify");
    }

    @Override
    Address about() {
        return Address.of(address);
    }

    @Override
    int synchronize(Console console) throws IOException {
        check();
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("schema", SCHEMA);
        result.put("address", about().withoutParameters().toString());
        result.putAll(
                switch (about().scheme()) {
                    case EVENT -> event();
                    case LATCH -> countDown();
                    case CONDITION -> signal();
                    case BARRIER -> beginAnew();
                    default -> throw OtherVerbs.toNotify(about());
                });
        if (console.json()) {
            console.out().line(Json.line(result));
        }
        return ExitCode.SUCCESS;
    }

    private void check() {
        String scheme = about().scheme();
        refuse(
                reset && !scheme.equals(EVENT) && !scheme.equals(BARRIER),
                "--reset is of event: and barrier: only",
                null);
        refuse(
                all && !scheme.equals(CONDITION),
                "--all is of cond: only",
                "an event lets through all, or is automatic");
        refuse(count != null && !scheme.equals(LATCH), "-n is of latch: only", "leave it out");
        refuse(count != null && count > Integer.MAX_VALUE, "-n " + count + ": it is 1 to 2147483647", null);
        refuse(
                scheme.equals(BARRIER) && !reset,
                about().withoutParameters() + ": nobody is notified; it opens when all have come",
                "come with 'ipc wait " + about() + "'; --reset begins anew at a broken one");
    }

    private Map<String, Object> event() throws IOException {
        try (SharedEvent event = SharedEvent.open(about())) {
            if (reset) {
                event.reset();
                return Map.of("action", "reset");
            }
            event.set();
            return Map.of("action", "set");
        }
    }

    private Map<String, Object> countDown() throws IOException {
        try (SharedLatch latch = SharedLatch.open(about())) {
            latch.countDown(count == null ? 1 : count.intValue());
            Map<String, Object> facts = new LinkedHashMap<>();
            facts.put("action", "count-down");
            facts.put("count", latch.count());
            return facts;
        }
    }

    private Map<String, Object> signal() throws IOException {
        try (SharedCondition condition = SharedCondition.open(about())) {
            if (all) {
                condition.signalAll();
                return Map.of("action", "signal-all");
            }
            condition.signal();
            return Map.of("action", "signal");
        }
    }

    private Map<String, Object> beginAnew() throws IOException {
        try (SharedBarrier barrier = SharedBarrier.open(about())) {
            barrier.reset();
            return Map.of("action", "reset");
        }
    }
}

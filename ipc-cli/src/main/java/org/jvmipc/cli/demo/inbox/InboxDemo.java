package org.jvmipc.cli.demo.inbox;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.jvmipc.Address;
import org.jvmipc.Ipc;
import org.jvmipc.cli.demo.Demo;
import org.jvmipc.cli.demo.DemoOption;
import org.jvmipc.cli.demo.DemoOptions;
import org.jvmipc.cli.demo.DemoReport;
import org.jvmipc.cli.demo.DemoRun;
import org.jvmipc.cli.demo.Findings;
import org.jvmipc.spi.ObjectInfo;

/** The demo of inboxes: direct communication, each message into the queue of the one that it is for. */
public final class InboxDemo implements Demo {
    /** Its name. */
    public static final String MECHANISM = "inbox";

    private static final String PREFIX = "ipc-demo-";
    private static final int CAPACITY_BYTES = 64 << 10;
    private static final int LARGEST_PAYLOAD_BYTES = 1 << 20;

    @Override
    public String mechanism() {
        return MECHANISM;
    }

    @Override
    public List<String> processes() {
        return List.of("peers");
    }

    @Override
    public String shows() {
        return "to a process's queue";
    }

    @Override
    public Set<DemoOption> options() {
        return DemoOption.allBut(DemoOption.CAPACITY, DemoOption.KIND, DemoOption.BROKEN);
    }

    @Override
    public int largestPayloadBytes() {
        return LARGEST_PAYLOAD_BYTES; // of each sender there are two in each inbox
    }

    @Override
    public @Nullable String contradiction(DemoOptions options) {
        return options.children() == 1 ? "one peer has nobody to send to; give -c 2 or more" : null;
    }

    @Override
    public List<Class<?>> sources() {
        return List.of(InboxParent.class, InboxPeer.class, InboxTaking.class);
    }

    @Override
    public DemoReport run(DemoOptions options, Consumer<String> progress) throws IOException, InterruptedException {
        return DemoRun.play(options, progress, run -> {
            removeThoseOfTheDead();
            String base = PREFIX + ProcessHandle.current().pid() + "-" + Long.toHexString(run.id());
            Findings findings;
            try (InboxParent parent = new InboxParent(options, run, base)) {
                findings = InboxReport.of(options, parent.transfer());
            }
            findings.leftBehind(leftovers(base));
            return findings;
        });
    }

    /** Two messages and some, as a power of two. */
    static int capacityBytes(DemoOptions options) {
        int two = 2 * (options.messageBytes() + 64);
        return Math.max(CAPACITY_BYTES, Integer.highestOneBit(two) * 2);
    }

    /** Those of demos that were killed, and no others: what else is stale is not the business of a demo. */
    private static void removeThoseOfTheDead() throws IOException {
        for (ObjectInfo object : Ipc.scheme(MECHANISM).survey().objects()) {
            if (object.state().isLeftOver() && object.address().location().startsWith(PREFIX)) {
                Ipc.remove(object.address());
            }
        }
    }

    private static List<String> leftovers(String base) throws IOException {
        List<String> left = new ArrayList<>();
        for (Address each : Ipc.scheme(MECHANISM).list()) {
            if (each.location().startsWith(base)) {
                left.add("the object " + each);
            }
        }
        return left;
    }
}

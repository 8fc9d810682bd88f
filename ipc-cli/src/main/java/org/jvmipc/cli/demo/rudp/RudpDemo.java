package org.jvmipc.cli.demo.rudp;

import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jvmipc.cli.demo.Demo;
import org.jvmipc.cli.demo.DemoOption;
import org.jvmipc.cli.demo.DemoOptions;
import org.jvmipc.cli.demo.DemoReport;
import org.jvmipc.cli.demo.DemoRun;
import org.jvmipc.sockets.ReliableOptions;

/** The demo of reliable datagrams: each message once, in order, whatever the link does to the datagrams. */
public final class RudpDemo implements Demo {
    /** Its name. */
    public static final String MECHANISM = "rudp";

    @Override
    public String mechanism() {
        return MECHANISM;
    }

    @Override
    public List<String> processes() {
        return List.of("sender", "receiver");
    }

    @Override
    public String shows() {
        return "each once, in order";
    }

    @Override
    public Set<DemoOption> options() {
        return DemoOption.ofLinkAnd(DemoOption.PAYLOAD, DemoOption.KILL_AFTER, DemoOption.SLOW);
    }

    @Override
    public int largestPayloadBytes() {
        return ReliableOptions.DEFAULT_MAX_MESSAGE_BYTES - DemoOptions.messageBytes(0);
    }

    @Override
    public List<Class<?>> sources() {
        return List.of(RudpParent.class, RudpSender.class, RudpReceiver.class);
    }

    @Override
    public DemoReport run(DemoOptions options, Consumer<String> progress) throws IOException, InterruptedException {
        return DemoRun.play(options, progress, run -> {
            try (RudpParent parent = new RudpParent(options, run)) {
                return new RudpFindings(options, parent.transfer()).judge();
            }
        });
    }
}

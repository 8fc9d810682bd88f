package org.jvmipc.cli.demo.udp;

import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jvmipc.cli.demo.Demo;
import org.jvmipc.cli.demo.DemoOption;
import org.jvmipc.cli.demo.DemoOptions;
import org.jvmipc.cli.demo.DemoReport;
import org.jvmipc.cli.demo.DemoRun;
import org.jvmipc.sockets.DatagramOptions;

/** The demo of datagrams: what is lost, doubled, overtaken or damaged on the way, and that nobody is told. */
public final class UdpDemo implements Demo {
    /** Its name. */
    public static final String MECHANISM = "udp";

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
        return "loss and reordering";
    }

    @Override
    public Set<DemoOption> options() {
        return DemoOption.ofLinkAnd(DemoOption.PAYLOAD, DemoOption.KILL_AFTER, DemoOption.SLOW);
    }

    @Override
    public int largestPayloadBytes() {
        return DatagramOptions.DEFAULT_MAX_MESSAGE_BYTES - DemoOptions.messageBytes(0);
    }

    @Override
    public List<Class<?>> sources() {
        return List.of(UdpParent.class, UdpSender.class, UdpReceiver.class);
    }

    @Override
    public DemoReport run(DemoOptions options, Consumer<String> progress) throws IOException, InterruptedException {
        return DemoRun.play(options, progress, run -> {
            try (UdpParent parent = new UdpParent(options, run)) {
                return new UdpFindings(options, parent.transfer()).judge();
            }
        });
    }
}

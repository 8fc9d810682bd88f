package org.jvmipc.cli.demo.stream;

import java.io.IOException;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.jvmipc.Address;
import org.jvmipc.cli.demo.Demo;
import org.jvmipc.cli.demo.DemoOption;
import org.jvmipc.cli.demo.DemoOptions;
import org.jvmipc.cli.demo.DemoReport;
import org.jvmipc.cli.demo.DemoRun;
import org.jvmipc.cli.demo.Findings;

/** The demo of the stream sockets: a server, and clients that connect to it. */
public final class StreamDemo implements Demo {
    /** The name of the one over TCP. */
    public static final String TCP = StreamPlaces.TCP;

    /** The name of the one over sockets of the Unix domain. */
    public static final String UDS = StreamPlaces.UDS;

    static final String KILL_CLIENT = "client";
    static final String KILL_SERVER = "server";

    private final String mechanism;

    /** The demo of one of them. */
    public StreamDemo(String mechanism) {
        this.mechanism = mechanism;
    }

    @Override
    public String mechanism() {
        return mechanism;
    }

    @Override
    public List<String> processes() {
        return List.of("server", "clients");
    }

    @Override
    public String shows() {
        return "backlog, half close";
    }

    @Override
    public Set<DemoOption> options() {
        return EnumSet.of(
                DemoOption.PAYLOAD,
                DemoOption.CHILDREN,
                DemoOption.CAPACITY,
                DemoOption.KILL_AFTER,
                DemoOption.KIND,
                DemoOption.SLOW);
    }

    @Override
    public List<String> kinds() {
        return List.of(KILL_CLIENT, KILL_SERVER);
    }

    @Override
    public List<Class<?>> sources() {
        return List.of(StreamParent.class, StreamServer.class, ServerEnd.class, StreamClient.class, Conversation.class);
    }

    @Override
    public DemoReport run(DemoOptions options, Consumer<String> progress) throws IOException, InterruptedException {
        return DemoRun.play(options, progress, run -> {
            StreamTransfer seen;
            try (StreamParent parent = new StreamParent(options, run, StreamPlaces.of(mechanism, run))) {
                run.closeBySignal(() -> removeAfterSignal(parent.address()));
                seen = parent.transfer();
            }
            Findings findings = new StreamFindings(mechanism, options, seen).judge();
            findings.leftBehind(StreamPlaces.leftovers(seen.address()));
            return findings;
        });
    }

    /** The server was killed, and cannot take its name with it. */
    private static void removeAfterSignal(@Nullable Address address) throws IOException {
        if (address != null) {
            StreamPlaces.takeOver(address);
        }
    }
}

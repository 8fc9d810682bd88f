package org.jvmipc.cli.demo.stream;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.jvmipc.Address;
import org.jvmipc.Codecs;
import org.jvmipc.Connection;
import org.jvmipc.Ipc;
import org.jvmipc.PeerGoneException;
import org.jvmipc.cli.demo.DemoChild;
import org.jvmipc.cli.demo.DemoOptions;
import org.jvmipc.cli.demo.DemoRun;
import org.jvmipc.cli.demo.Peer;
import org.jvmipc.cli.demo.Stage;
import org.jvmipc.cli.demo.stream.StreamTransfer.Death;
import org.jvmipc.process.JvmLauncher;

/**
 * The parent of the demos {@code tcp} and {@code uds}: starts a {@link StreamServer} and {@link StreamClient}s, tells each when
 * to do what, and is itself the caller who is refused, being one too many.
 */
final class StreamParent implements Closeable {
    private static final int CLIENTS = 2;
    private static final int VICTIM = 1;
    private static final int BUFFER_BYTES = 64 << 10;

    private final DemoOptions options;
    private final DemoRun run;
    private final Address place;
    private final int count;
    private final DemoChild<StreamReport> server;
    private final Map<Integer, DemoChild<StreamReport>> clients = new TreeMap<>();
    private final Map<Integer, Long> pids = new TreeMap<>();
    private final Deque<StreamReport> untaken = new ArrayDeque<>();
    private final List<Peer> ended = new ArrayList<>();
    private @Nullable Address address;

    /** Starts the server. */
    StreamParent(DemoOptions options, DemoRun run, Address place) throws IOException {
        this.options = options;
        this.run = run;
        this.place = place;
        this.count = options.childrenOr(CLIENTS);
        this.server = DemoChild.launch(run, "server", launcher(), StreamReport.class);
    }

    private JvmLauncher launcher() {
        return DemoRun.launcher(
                        StreamServer.class,
                        Long.toString(run.id()),
                        Integer.toString(count),
                        Integer.toString(options.payloadBytes()),
                        Long.toString(messages()),
                        Boolean.toString(options.slow()),
                        Integer.toString(options.capacityBytes() == 0 ? BUFFER_BYTES : options.capacityBytes()))
                .handOver(StreamServer.PLACE, place);
    }

    private long messages() {
        return options.killAfter() == null ? options.messages() : Conversation.WITHOUT_NUMBER;
    }

    /** Where the server listens, as soon as that is known. */
    @Nullable
    Address address() {
        return address;
    }

    /** Has all talk to each other; kills one of them meanwhile if the options say so. */
    StreamTransfer transfer() throws IOException, InterruptedException {
        launchClients();
        Address listening = Address.of(fromServer(StreamReport.LISTENING).text());
        address = listening.withoutParameters();
        Map<Integer, StreamReport> connected = connect(listening);
        List<StreamReport> accepted = accept();
        String refusal = knock(listening);
        server.order(StreamServer.COUNT);
        long refused = fromServer(StreamReport.REFUSED).number();
        run.phase("talking over the connections");
        long startNanos = System.nanoTime();
        orderClients(StreamClient.TALK);
        Map<Integer, StreamReport> trips = await(StreamReport.ROUND_TRIPS);
        @Nullable Death death = kill(trips);
        Map<Integer, StreamReport> ends = await(StreamReport.END);
        Map<Integer, StreamReport> ofServer = serverEnds(death);
        long nanos = System.nanoTime() - startNanos;
        endAll(death);
        return new StreamTransfer(
                address, count, connected, accepted, pids, refusal, refused, trips, ends, ofServer, ended, nanos,
                death);
    }

    // ---- the steps

    private void launchClients() throws IOException, InterruptedException {
        for (int number = 1; number <= count; number++) {
            JvmLauncher launcher = DemoRun.launcher(
                    StreamClient.class,
                    Long.toString(run.id()),
                    Integer.toString(number),
                    Integer.toString(options.payloadBytes()),
                    Long.toString(messages()),
                    Boolean.toString(options.slow()),
                    Integer.toString(count));
            DemoChild<StreamReport> client = DemoChild.launch(run, "client-" + number, launcher, StreamReport.class);
            clients.put(number, client);
            pids.put(number, client.pid());
        }
        run.phase("waiting until all are ready");
        server.awaitReady();
        for (DemoChild<StreamReport> client : clients.values()) {
            client.awaitReady();
        }
    }

    /** All connect while nobody accepts: they are in the backlog then. */
    private Map<Integer, StreamReport> connect(Address listening) throws IOException, InterruptedException {
        run.phase("waiting until all callers are in the backlog");
        orderClients(StreamClient.CONNECT + listening);
        return await(StreamReport.CONNECTED);
    }

    private List<StreamReport> accept() throws IOException, InterruptedException {
        run.phase("waiting until all callers are accepted");
        server.order(StreamServer.ACCEPT);
        List<StreamReport> accepted = new ArrayList<>();
        for (int number = 1; number <= count; number++) {
            accepted.add(fromServer(StreamReport.ACCEPTED));
        }
        return accepted;
    }

    /** Calls once more; what this caller is told. */
    private String knock(Address listening) throws IOException, InterruptedException {
        run.phase("calling as one too many");
        try (Connection<ByteBuffer> tooMany = Ipc.connection(listening, Codecs.buffers())) {
            tooMany.receive();
            return "";
        } catch (PeerGoneException e) {
            return e.reason().name();
        }
    }

    // ---- a kill

    private @Nullable Death kill(Map<Integer, StreamReport> trips) throws IOException, InterruptedException {
        Duration after = options.killAfter();
        if (after == null) {
            return null;
        }
        long firstNanos =
                trips.values().stream().mapToLong(StreamReport::atNanos).max().orElseThrow();
        return StreamDemo.KILL_SERVER.equals(options.kind())
                ? killServer(after, firstNanos)
                : killClient(after, firstNanos);
    }

    private Death killClient(Duration after, long firstNanos) throws IOException, InterruptedException {
        DemoChild<StreamReport> victim = clients.remove(VICTIM);
        if (victim == null) {
            throw new IllegalStateException("there is no client " + VICTIM);
        }
        run.phase("waiting for the time of the kill");
        victim.outlive(after);
        server.order(StreamServer.HURRY);
        long killNanos = System.nanoTime();
        victim.kill();
        Peer killed = victim.end();
        victim.close();
        run.phase("waiting for the news of the client's death");
        StreamReport told = fromServer(StreamReport.END);
        untaken.addFirst(told);
        orderClients(StreamClient.STOP);
        return new Death(killed, VICTIM, killNanos - firstNanos, killNanos, 0);
    }

    private Death killServer(Duration after, long firstNanos) throws IOException, InterruptedException {
        run.phase("waiting for the time of the kill");
        server.outlive(after);
        orderClients(StreamClient.HURRY);
        long killNanos = System.nanoTime();
        server.kill();
        Peer killed = server.end();
        run.phase("taking the place of the killed server");
        StreamPlaces.takeOver(place(killNanos));
        long takenOverNanos = System.nanoTime() - killNanos;
        run.phase("waiting for the news of the server's death");
        return new Death(killed, 0, killNanos - firstNanos, killNanos, takenOverNanos);
    }

    private Address place(long killNanos) {
        Address known = address;
        if (known == null) {
            throw new IllegalStateException("nobody has listened before " + killNanos);
        }
        return known;
    }

    // ---- reports

    private void orderClients(String order) throws IOException, InterruptedException {
        for (DemoChild<StreamReport> client : clients.values()) {
            client.order(order);
        }
    }

    private Map<Integer, StreamReport> await(String stage) throws IOException, InterruptedException {
        Map<Integer, StreamReport> reports = new TreeMap<>();
        for (Map.Entry<Integer, DemoChild<StreamReport>> client : clients.entrySet()) {
            reports.put(client.getKey(), Stage.await(client.getValue(), stage));
        }
        return reports;
    }

    /** The server's next report of this stage; those of others, which come from other threads of it, wait. */
    private StreamReport fromServer(String stage) throws IOException, InterruptedException {
        for (Iterator<StreamReport> each = untaken.iterator(); each.hasNext(); ) {
            StreamReport report = each.next();
            if (report.stage().equals(stage)) {
                each.remove();
                return report;
            }
        }
        while (true) {
            StreamReport report = server.report();
            if (report.stage().equals(stage)) {
                return report;
            }
            untaken.add(report);
        }
    }

    private Map<Integer, StreamReport> serverEnds(@Nullable Death death) throws IOException, InterruptedException {
        Map<Integer, StreamReport> ends = new TreeMap<>();
        if (death == null || !death.isOfServer()) {
            for (int i = 0; i < count; i++) {
                StreamReport end = fromServer(StreamReport.END);
                ends.put(end.peer(), end);
            }
        }
        return ends;
    }

    private void endAll(@Nullable Death death) throws IOException, InterruptedException {
        for (DemoChild<StreamReport> client : clients.values()) {
            ended.add(client.end());
        }
        if (death == null || !death.isOfServer()) {
            server.order(StreamServer.END);
            ended.add(0, server.end());
        }
    }

    /** Closes the pipes to and from the children, who end with the run. */
    @Override
    public void close() throws IOException {
        server.close();
        for (DemoChild<StreamReport> client : clients.values()) {
            client.close();
        }
    }
}

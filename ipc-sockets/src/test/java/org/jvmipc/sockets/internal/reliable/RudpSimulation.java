package org.jvmipc.sockets.internal.reliable;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A client and a server with a bad link in between, in virtual time, all decided by a seed. */
final class RudpSimulation {
    static final long MILLI = 1_000_000;
    static final long SECOND = 1_000 * MILLI;
    static final InetSocketAddress CLIENT = new InetSocketAddress(InetAddress.getLoopbackAddress(), 1000);
    static final SessionSettings SETTINGS =
            new SessionSettings(128, 1232, 1 << 20, 64 << 10, SECOND, 60 * SECOND, 10 * MILLI);

    /** A datagram on its way. */
    private record Flight(long at, long number, boolean toServer, InetSocketAddress client, ByteBuffer bytes) {}

    final SplittableRandom random;
    final SessionTable table;
    final Queue<byte[]> clientGot = new ArrayDeque<>();
    final List<ServedSession> served = new ArrayList<>();
    final ByteBuffer buffer = ByteBuffer.allocate(RudpLayout.MOST_PACKET_BYTES);
    private final PriorityQueue<Flight> flights =
            new PriorityQueue<>((a, b) -> a.at != b.at ? Long.compare(a.at, b.at) : Long.compare(a.number, b.number));
    private final SessionSettings settings;
    RudpFaults faults;
    InetSocketAddress address = CLIENT;
    ClientSession client;
    boolean hole;

    /** Packets that the link loses, whatever else it does. */
    Predicate<ByteBuffer> loses = packet -> false;

    long now;
    long packets;
    private long number;

    RudpSimulation(long seed, RudpFaults faults) {
        this(seed, faults, SETTINGS, null);
    }

    /**
     * One that begins at a time of its seed's.
     *
     * @param first where sequence numbers begin, or null
     */
    RudpSimulation(long seed, RudpFaults faults, SessionSettings settings, @Nullable Long first) {
        this.random = new SplittableRandom(seed);
        this.faults = faults;
        this.settings = settings;
        this.now = random.nextLong() >>> 2;
        byte[] key = new byte[Cookies.KEY_BYTES];
        for (int i = 0; i < key.length; i++) {
            key[i] = (byte) random.nextInt();
        }
        boolean[] identity = {true};
        LongSupplier numbers = () -> {
            identity[0] = !identity[0];
            return identity[0] && first != null ? first : random.nextLong();
        };
        this.table =
                new SessionTable(settings, 64, new Cookies(key), numbers, (to, packet) -> launch(false, to, packet));
        this.client = new ClientSession(random.nextLong(), first == null ? random.nextLong() : first, settings, now);
    }

    /** The client's process ends without a word, and another one has its port. */
    void restartClient() {
        client = new ClientSession(random.nextLong(), random.nextLong(), settings, now);
    }

    private void launch(boolean toServer, InetSocketAddress from, ByteBuffer packet) {
        packets++;
        if (hole || loses.test(packet) || chance(faults.loss())) {
            return;
        }
        byte[] bytes = new byte[packet.limit()];
        packet.get(0, bytes);
        int copies = chance(faults.duplicate()) ? 2 : 1;
        for (int i = 0; i < copies; i++) {
            long late = chance(faults.reorder()) ? random.nextLong(10 * faults.delayNanos()) : 0;
            ByteBuffer sent = ByteBuffer.wrap(damaged(bytes));
            flights.add(new Flight(now + faults.delayNanos() + late, number++, toServer, from, sent));
        }
    }

    private byte[] damaged(byte[] bytes) {
        if (!chance(faults.corrupt())) {
            return bytes.clone(); // who gets it may write to it
        }
        byte[] damaged = bytes.clone();
        for (int bits = 1 + random.nextInt(4); bits > 0; bits--) {
            damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
        }
        return damaged;
    }

    private boolean chance(int percent) {
        return percent > 0 && random.nextInt(100) < percent;
    }

    /** Lets what is due go out on both sides. */
    private void emit() {
        while (client.next(buffer, now)) {
            launch(true, address, buffer);
        }
        for (ServedSession each : table.sessions()) {
            while (each.next(buffer, now)) {
                launch(false, each.address, buffer);
            }
        }
        table.forget(now);
    }

    private void arrive(Flight flight) {
        ByteBuffer packet = flight.bytes;
        if (flight.toServer) {
            ServedSession which = table.receive(flight.client, packet, now);
            if (which != null && which.session.isConfirmed() && !served.contains(which)) {
                served.add(which);
            }
        } else if (flight.client.equals(address)) {
            if (RudpLayout.isWhole(packet)) {
                client.receive(packet, now);
            } else {
                client.damaged();
            }
        }
    }

    /** Sends a datagram to the server that no client has made. */
    void inject(InetSocketAddress from, ByteBuffer packet) {
        launch(true, from, packet);
    }

    /** Goes on until it holds, calling the programs after each event; false if so much time passes, or nothing would ever happen. */
    boolean run(long nanos, Runnable programs, BooleanSupplier until) {
        long end = now + nanos;
        int idle = 0;
        programs.run();
        emit();
        while (!until.getAsBoolean()) {
            long next = client.deadline();
            for (ServedSession each : table.sessions()) {
                next = Math.min(next, each.deadline());
            }
            Flight flight = flights.peek();
            next = flight == null ? next : Math.min(next, flight.at);
            if (next > end) {
                now = end;
                return false;
            }
            idle = next > now ? 0 : idle + 1;
            if (idle > 1000) {
                throw new AssertionError("a deadline that has passed, and nothing that was to be done");
            }
            now = Math.max(now, next);
            while ((flight = flights.peek()) != null && flight.at <= now) {
                arrive(flights.remove());
            }
            programs.run();
            emit();
        }
        return true;
    }

    boolean run(long nanos, BooleanSupplier until) {
        return run(nanos, () -> {}, until);
    }

    /** Lets time pass. */
    void pass(long nanos) {
        run(nanos, () -> false);
    }

    /** Connects: both sides have a session. */
    Session connect() {
        int before = served.size();
        if (!run(600 * SECOND, () -> client.session() != null && served.size() > before)) {
            throw new AssertionError("no session after 10 minutes");
        }
        return clientSession();
    }

    Session clientSession() {
        Session session = client.session();
        if (session == null) {
            throw new AssertionError("the client has no session");
        }
        return session;
    }

    /** The newest one of the server. */
    Session serverSession() {
        return served.get(served.size() - 1).session;
    }

    // ---- messages

    private final Map<Session, MessageReader> readers = new IdentityHashMap<>();

    static void send(Session session, byte[] message) {
        session.send(ByteBuffer.wrap(message));
    }

    private MessageReader reader(Session session) {
        return readers.computeIfAbsent(session, each -> new MessageReader(settings.maxMessageBytes()));
    }

    /** The next message that has come there; null if there is none yet. */
    byte @Nullable [] poll(Session session) {
        MessageReader reader = reader(session);
        ByteBuffer message;
        while ((message = reader.next()) == null && !reader.isBroken() && session.read(reader, now)) {
            // as long as there is something
        }
        if (message == null) {
            return null;
        }
        byte[] bytes = new byte[message.remaining()];
        message.get(bytes);
        return bytes;
    }

    /** Whether all that has come there was taken. */
    boolean isRead(Session session) {
        return !session.hasPart() && !reader(session).hasMore();
    }
}

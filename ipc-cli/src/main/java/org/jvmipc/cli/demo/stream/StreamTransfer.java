package org.jvmipc.cli.demo.stream;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.jvmipc.Address;
import org.jvmipc.cli.demo.Peer;

/**
 * What came of one run.
 *
 * @param address where the server listened
 * @param backlog how many callers could wait
 * @param connected what the clients told when they were connected and not accepted yet, by their numbers
 * @param accepted what the server told of each accept
 * @param pids the processes of the clients, by their numbers
 * @param refusal what the caller was told who was one too many
 * @param refused how many the server has refused
 * @param trips what the clients told of their round trips
 * @param clients how it ended for the clients, by their numbers; without one that was killed
 * @param server how it ended for the server's ends, by the numbers of the clients; empty if it was killed
 * @param processes those that ended by themselves
 * @param nanos how long the talk took
 * @param death who was killed; null if nobody was
 */
record StreamTransfer(
        Address address,
        int backlog,
        Map<Integer, StreamReport> connected,
        List<StreamReport> accepted,
        Map<Integer, Long> pids,
        String refusal,
        long refused,
        Map<Integer, StreamReport> trips,
        Map<Integer, StreamReport> clients,
        Map<Integer, StreamReport> server,
        List<Peer> processes,
        long nanos,
        @Nullable Death death) {
    /**
     * A kill.
     *
     * @param victim the killed process
     * @param number of the client; 0 if it was the server
     * @param killedAfterNanos from the first data of all to the kill
     * @param killNanos when that was, on the monotonic clock
     * @param takenOverNanos of the server: from the kill to another server in its place; 0 if it was a client
     */
    record Death(Peer victim, int number, long killedAfterNanos, long killNanos, long takenOverNanos) {
        boolean isOfServer() {
            return number == 0;
        }
    }

    /** Those who were told of the death. */
    List<StreamReport> told() {
        Death killed = death;
        if (killed == null) {
            return List.of();
        }
        return killed.isOfServer() ? List.copyOf(clients.values()) : List.of(ofServer(killed.number()));
    }

    /** When the last of them was told, from the kill on. */
    long toldNanos() {
        Death killed = death;
        return killed == null
                ? 0
                : told().stream().mapToLong(StreamReport::atNanos).max().orElse(0) - killed.killNanos();
    }

    StreamReport ofServer(int client) {
        StreamReport found = server.get(client);
        if (found == null) {
            throw new IllegalStateException("the server has told nothing of client " + client);
        }
        return found;
    }
}

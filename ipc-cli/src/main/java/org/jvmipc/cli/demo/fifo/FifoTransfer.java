package org.jvmipc.cli.demo.fifo;

import java.util.List;
import java.util.Map;
import org.jvmipc.cli.demo.Peer;

/**
 * What came of a transfer, as the processes of it told.
 *
 * @param reader the reader's last report
 * @param received what it has of each writer, by its number from 1
 * @param writers the last reports of the writers that ended by themselves, by their numbers
 * @param opened what all writers reported when the FIFO was open and full
 * @param processes they, ended
 */
record FifoTransfer(
        ReaderReport reader,
        Map<Integer, ReceivedReport> received,
        Map<Integer, WriterReport> writers,
        List<WriterReport> opened,
        List<Peer> processes) {
    private static final ReceivedReport NOTHING = new ReceivedReport(0, 0, 0, 0, 0);

    ReceivedReport received(int writer) {
        return received.getOrDefault(writer, NOTHING);
    }

    /** How many messages the reader has, of all writers. */
    long total() {
        return received.values().stream().mapToLong(ReceivedReport::received).sum();
    }

    long sent() {
        return writers.values().stream().mapToLong(WriterReport::sent).sum();
    }

    /** How long the open that waited longest did. */
    long openNanos() {
        return opened.stream().mapToLong(WriterReport::openNanos).max().orElse(0);
    }

    /** How many messages all together had sent when the FIFO took none without a wait. */
    long filled() {
        return opened.stream().mapToLong(WriterReport::filled).sum();
    }

    boolean foundNoReader() {
        return opened.stream().allMatch(WriterReport::foundNoReader);
    }

    long waits() {
        return writers.values().stream().mapToLong(WriterReport::waits).sum();
    }

    long waitNanos() {
        return writers.values().stream().mapToLong(WriterReport::waitNanos).sum();
    }
}

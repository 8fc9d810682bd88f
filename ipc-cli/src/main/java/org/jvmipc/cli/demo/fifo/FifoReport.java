package org.jvmipc.cli.demo.fifo;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jvmipc.cli.demo.DemoOptions;
import org.jvmipc.cli.demo.Findings;
import org.jvmipc.cli.demo.Tally;
import org.jvmipc.cli.demo.Words;
import org.jvmipc.internal.stream.FragmentLayout;

/** Judges what the demo {@code fifo} saw when nobody was killed, and puts it into numbers and words. */
final class FifoReport {
    private static final String LAW =
            "sent = received for every writer, in its order; nothing lost, doubled or corrupt,"
                    + " no writer's bytes in another's message; the reader was told CLOSED once, after the last one;"
                    + " the children ended as expected; nothing left behind";
    private static final int ATOMIC_BYTES = FragmentLayout.MAX_ATOMIC_PAYLOAD_BYTES + FragmentLayout.OVERHEAD_BYTES;

    private FifoReport() {}

    /** Judges a transfer. */
    static Findings of(DemoOptions options, FifoTransfer seen) {
        Findings findings = new Findings(FifoDemo.MECHANISM, LAW, options);
        Tally tally = tally(seen);
        findings.messages(tally);
        findings.headline(nanos ->
                Words.count(tally.received()) + " sent = received, every byte verified, in " + Words.duration(nanos));
        seen.writers().forEach((number, writer) -> {
            complete(findings, number, writer, seen.received(number));
            findings.faultIf(
                    writer.sent() != options.messages(), "writer " + number + " sent " + writer.sent() + " messages");
        });
        findings.faultIf(!seen.foundNoReader(), "a writer found a reader before there was one");
        closedOnce(findings, seen.reader());
        findings.faultIf(seen.reader().deaths() != 0, "the reader was told a death, and nobody has died");
        seen.processes().forEach(findings::ended);
        findings.fact("filled", isFilled(options, seen));
        findings.fact("filled_messages", seen.filled());
        addFacts(findings, options, seen);
        new FifoWords(options, findings).transfer(seen);
        return findings;
    }

    static boolean isFilled(DemoOptions options, FifoTransfer seen) {
        return seen.filled() < options.messages() * seen.writers().size();
    }

    /** All that this writer has sent came, in its order, and nothing else. */
    static void complete(Findings findings, int number, WriterReport writer, ReceivedReport received) {
        findings.faultIf(
                received.received() != writer.sent(),
                "writer " + number + " sent " + writer.sent() + ", and " + received.received() + " came");
        findings.faultIf(
                received.digest() != writer.digest(), "the reader's digest of writer " + number + " is not its own");
    }

    static void closedOnce(Findings findings, ReaderReport reader) {
        findings.faultIf(reader.closed() != 1, "the reader was told CLOSED " + reader.closed() + " times");
        findings.faultIf(reader.afterEnd() != 0, reader.afterEnd() + " messages came after the end");
    }

    private static Tally tally(FifoTransfer seen) {
        long received = 0;
        long lost = 0;
        for (Map.Entry<Integer, WriterReport> writer : seen.writers().entrySet()) {
            long came = seen.received(writer.getKey()).received();
            received += came;
            lost += Math.max(0, writer.getValue().sent() - came);
        }
        ReaderReport reader = seen.reader();
        return new Tally(seen.sent(), received, lost, reader.duplicated(), reader.reordered(), reader.corrupt());
    }

    /** What is told of every transfer. */
    static void addFacts(Findings findings, DemoOptions options, FifoTransfer seen) {
        ReaderReport reader = seen.reader();
        findings.fact("writers", seen.received().size());
        findings.fact("open_wait_nanos", seen.openNanos());
        findings.fact("capacity_bytes", reader.capacityBytes());
        findings.fact("blocked_bytes", reader.blockedBytes());
        findings.fact("atomic_bytes", ATOMIC_BYTES);
        findings.fact("fragments_per_message", fragments(options));
        findings.fact("turns", reader.turns());
        findings.waits("writers", seen.waits(), seen.waitNanos());
        findings.waits("reader", reader.waits(), reader.waitNanos());
        findings.fact("closed_told", reader.closed());
        findings.fact("per_writer", perWriter(seen));
        findings.rate(seen.total(), options.payloadBytes(), reader.readNanos());
    }

    /** In how many pieces a message travels, each of which the kernel writes in one. */
    static long fragments(DemoOptions options) {
        int largest = FragmentLayout.MAX_ATOMIC_PAYLOAD_BYTES;
        return (options.messageBytes() + largest - 1L) / largest;
    }

    private static List<Map<String, Object>> perWriter(FifoTransfer seen) {
        List<Map<String, Object>> all = new ArrayList<>();
        seen.received().forEach((number, received) -> {
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("writer", number);
            WriterReport writer = seen.writers().get(number);
            if (writer != null) { // else its own count died with it
                one.put("sent", writer.sent());
                one.put("open_wait_nanos", writer.openNanos());
                one.put("waits", writer.waits());
                one.put("wait_nanos", writer.waitNanos());
            }
            one.put("received", received.received());
            all.add(one);
        });
        return all;
    }
}

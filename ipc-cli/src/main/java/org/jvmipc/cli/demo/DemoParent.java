package org.jvmipc.cli.demo;

import java.io.Closeable;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.jvmipc.Codecs;
import org.jvmipc.IpcException;
import org.jvmipc.Receiver;
import org.jvmipc.Sender;
import org.jvmipc.process.ParentJvm;

/**
 * A child's view of its parent: whose orders come in by one pipe, and who gets reports through another one.
 * {@link DemoChild} is the other half.
 *
 * @param <R> what is reported
 */
public final class DemoParent<R extends Record> implements Closeable {
    private final Receiver<String> orders;
    private final Sender<R> reports;

    private DemoParent(Receiver<String> orders, Sender<R> reports) {
        this.orders = orders;
        this.reports = reports;
    }

    /** Opens both pipes. */
    public static <R extends Record> DemoParent<R> open(Class<R> reportType) throws IOException, InterruptedException {
        ParentJvm parent = ParentJvm.get();
        Receiver<String> orders = parent.receiver(DemoChild.ORDERS, Codecs.utf8());
        return new DemoParent<>(orders, parent.sender(DemoChild.REPORTS, Codecs.record(reportType)));
    }

    /** Says that this child has opened what was handed over to it. */
    public void ready() {
        ParentJvm.get().ready();
    }

    /** Waits for the next order. */
    public String order() throws IOException, InterruptedException {
        return orders.receive();
    }

    /** Waits for the next order, which has to be this one. */
    public void await(String order) throws IOException, InterruptedException {
        expect(order, order());
    }

    /** The next order if there is one; waits for nothing. */
    public @Nullable String tryOrder() throws IOException {
        return orders.tryReceive();
    }

    /** Whether this order has come; waits for nothing. */
    public boolean hasOrdered(String order) throws IOException {
        String next = tryOrder();
        if (next == null) {
            return false;
        }
        expect(order, next);
        return true;
    }

    /** Refuses an order that is not the expected one. */
    public static void expect(String expected, String order) throws IpcException {
        if (!order.equals(expected)) {
            throw new IpcException("the order is \"" + order + "\"; expected \"" + expected + "\"");
        }
    }

    /** Tells the parent. */
    public void report(R report) throws IOException, InterruptedException {
        reports.send(report);
    }

    @Override
    public void close() throws IOException {
        try {
            orders.close();
        } finally {
            reports.close();
        }
    }
}

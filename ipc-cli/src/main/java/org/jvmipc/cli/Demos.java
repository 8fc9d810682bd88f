package org.jvmipc.cli;

import java.util.List;
import org.jvmipc.cli.demo.Demo;
import org.jvmipc.cli.demo.dining.DiningDemo;
import org.jvmipc.cli.demo.fifo.FifoDemo;
import org.jvmipc.cli.demo.inbox.InboxDemo;
import org.jvmipc.cli.demo.lock.LockDemo;
import org.jvmipc.cli.demo.mq.MqDemo;
import org.jvmipc.cli.demo.mutex.MutexDemo;
import org.jvmipc.cli.demo.pipe.PipeDemo;
import org.jvmipc.cli.demo.posixmq.PosixmqDemo;
import org.jvmipc.cli.demo.producersconsumers.MonitorDemo;
import org.jvmipc.cli.demo.readerswriters.RecordDemo;
import org.jvmipc.cli.demo.ring.RingDemo;
import org.jvmipc.cli.demo.rudp.RudpDemo;
import org.jvmipc.cli.demo.sem.SemDemo;
import org.jvmipc.cli.demo.shm.ShmDemo;
import org.jvmipc.cli.demo.signal.SignalDemo;
import org.jvmipc.cli.demo.stream.StreamDemo;
import org.jvmipc.cli.demo.udp.UdpDemo;

/** The demos there are. */
final class Demos {
    private static final List<String> NAMES = List.of(
            PipeDemo.MECHANISM,
            FifoDemo.MECHANISM,
            ShmDemo.MECHANISM,
            RingDemo.MECHANISM,
            SemDemo.MECHANISM,
            MutexDemo.MECHANISM,
            LockDemo.MECHANISM,
            DiningDemo.MECHANISM,
            RecordDemo.MECHANISM,
            MonitorDemo.MECHANISM,
            SignalDemo.MECHANISM,
            MqDemo.MECHANISM,
            InboxDemo.MECHANISM,
            PosixmqDemo.MECHANISM,
            StreamDemo.TCP,
            StreamDemo.UDS,
            UdpDemo.MECHANISM,
            RudpDemo.MECHANISM);

    private Demos() {}

    /** Their names, in the order in which they are best looked at. */
    static List<String> names() {
        return NAMES;
    }

    /**
     * The demo of that name; its classes are loaded only now.
     *
     * @throws IllegalArgumentException if there is none
     */
    static Demo of(String name) {
        return switch (name) {
            case PipeDemo.MECHANISM -> new PipeDemo();
            case FifoDemo.MECHANISM -> new FifoDemo();
            case ShmDemo.MECHANISM -> new ShmDemo();
            case RingDemo.MECHANISM -> new RingDemo();
            case SemDemo.MECHANISM -> new SemDemo();
            case MutexDemo.MECHANISM -> new MutexDemo();
            case LockDemo.MECHANISM -> new LockDemo();
            case DiningDemo.MECHANISM -> new DiningDemo();
            case RecordDemo.MECHANISM -> new RecordDemo();
            case MonitorDemo.MECHANISM -> new MonitorDemo();
            case SignalDemo.MECHANISM -> new SignalDemo();
            case MqDemo.MECHANISM -> new MqDemo();
            case InboxDemo.MECHANISM -> new InboxDemo();
            case PosixmqDemo.MECHANISM -> new PosixmqDemo();
            case StreamDemo.TCP, StreamDemo.UDS -> new StreamDemo(name);
            case UdpDemo.MECHANISM -> new UdpDemo();
            case RudpDemo.MECHANISM -> new RudpDemo();
            default -> throw new IllegalArgumentException("no demo is named " + name);
        };
    }
}

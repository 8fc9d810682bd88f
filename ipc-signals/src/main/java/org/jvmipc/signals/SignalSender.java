package org.jvmipc.signals;

import java.io.IOException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jvmipc.Address;
import org.jvmipc.AddressException;
import org.jvmipc.Batch;
import org.jvmipc.Capability;
import org.jvmipc.Codec;
import org.jvmipc.OsException;
import org.jvmipc.PeerGoneException;
import org.jvmipc.Sender;
import org.jvmipc.internal.Deadline;
import org.jvmipc.internal.posix.Errno;

/** The sending side of {@code signal:PID}: each message is one signal. */
final class SignalSender<T> implements Sender<T> {
    private final Address address;
    private final SignalTarget target;
    private final PosixSignal signal;
    private final ValueForm<T> form;
    private final ReentrantLock lock = new ReentrantLock();

    private SignalSender(Address address, SignalTarget target, PosixSignal signal, ValueForm<T> form) {
        this.address = address;
        this.target = target;
        this.signal = signal;
        this.form = form;
    }

    static <T> SignalSender<T> open(Address address, Codec<T> codec) throws IOException {
        long pid = address.pid();
        PosixSignal signal = signal(address);
        ValueForm.Kind kind = address.choice(SignalTransport.VALUE, ValueForm.Kind.class, ValueForm.Kind.TEXT);
        return new SignalSender<>(address, SignalTarget.of(pid), signal, new ValueForm<>(address, codec, kind));
    }

    private static PosixSignal signal(Address address) {
        String name = address.parameter(SignalTransport.SIGNAL);
        try {
            return name == null ? PosixSignal.realTime(1) : PosixSignal.of(name);
        } catch (IllegalArgumentException e) {
            throw new AddressException(address.toString(), "parameter signal: " + e.getMessage(), null);
        }
    }

    @Override
    public void send(T message) throws IOException, InterruptedException {
        if (!sendBy(message, Deadline.NEVER)) {
            throw new IllegalStateException("a send without deadline ran out of time");
        }
    }

    @Override
    public boolean trySend(T message) throws IOException {
        try {
            return sendBy(message, Deadline.NOW);
        } catch (InterruptedException e) {
            throw new IllegalStateException("a send that never waits was interrupted", e);
        }
    }

    @Override
    public boolean trySend(T message, Duration timeout) throws IOException, InterruptedException {
        return sendBy(message, Deadline.after(timeout));
    }

    private boolean sendBy(T message, Deadline deadline) throws IOException, InterruptedException {
        ensureOpen();
        ValueForm.Value value = form.of(message);
        if (!acquire(deadline)) {
            return false;
        }
        try {
            ensureOpen();
            return sendHere(value, deadline);
        } catch (OsException e) {
            if (e.errno() == Errno.ESRCH) {
                throw new PeerGoneException(
                        PeerGoneException.Reason.DIED, address, target.pid(), "the process has ended");
            }
            throw e;
        } finally {
            lock.unlock();
        }
    }

    private boolean acquire(Deadline deadline) throws InterruptedException {
        if (deadline.isNow()) {
            return lock.tryLock();
        }
        return lock.tryLock(deadline.remainingNanos(), TimeUnit.NANOSECONDS);
    }

    private boolean sendHere(ValueForm.Value value, Deadline deadline) throws IOException, InterruptedException {
        try {
            if (value.isNone()) {
                target.send(signal);
                return true;
            }
            if (deadline.isNow()) {
                return target.tryQueue(signal, value.number());
            }
            if (deadline.isNever()) {
                target.queue(signal, value.number());
                return true;
            }
            return target.tryQueue(signal, value.number(), Duration.ofNanos(deadline.remainingNanos()));
        } catch (ClosedChannelException e) {
            throw new AsynchronousCloseException();
        }
    }

    /** Each message is sent as it is added: no call of the system takes several. */
    @Override
    public Batch<T> batch() {
        return new Batch<>() {
            @Override
            public void add(T message) throws IOException, InterruptedException {
                send(message);
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
    }

    private void ensureOpen() throws ClosedChannelException {
        if (!target.isOpen()) {
            throw new ClosedChannelException();
        }
    }

    @Override
    public Address address() {
        return address;
    }

    @Override
    public Set<Capability> capabilities() {
        return SignalTransport.CAPABILITIES;
    }

    @Override
    public boolean isOpen() {
        return target.isOpen();
    }

    @Override
    public void close() {
        target.close();
    }

    @Override
    public String toString() {
        return "SignalSender[" + address + (isOpen() ? "]" : ", closed]");
    }
}

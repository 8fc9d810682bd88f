package org.jvmipc.pipes;

import java.io.IOException;
import org.jvmipc.Address;
import org.jvmipc.Codec;
import org.jvmipc.Endpoint;
import org.jvmipc.internal.posix.Fd;
import org.jvmipc.process.JvmLauncher;

/**
 * Anonymous pipes between a parent JVM and its children: the oldest way two processes talk, half duplex, with the kernel's
 * buffer of fixed size between them.
 *
 * <pre>{@code
 * JvmLauncher launcher = JvmLauncher.of(Worker.class);
 * try (PipeSender<String> orders = Pipes.toStdin(launcher, Codecs.utf8());
 *         PipeReceiver<Long> results = Pipes.fromStdout(launcher, Codecs.int64());
 *         ChildJvm worker = launcher.start()) {
 *     orders.send("count me");
 *     System.out.println(results.receive());
 * }
 *
 * // in Worker.main
 * ParentJvm parent = ParentJvm.get();
 * try (Receiver<String> orders = parent.receiver("stdin", Codecs.utf8());
 *         Sender<Long> results = parent.sender("stdout", Codecs.int64())) {
 *     parent.ready();
 *     results.send((long) orders.receive().length());
 * }
 * }</pre>
 *
 * <p>The child's own standard streams are safe: what it prints goes to its standard error, and neither its output nor a
 * grandchild that lives on can get into a pipe or hold it open.
 *
 * <p>Any number of further pipes are handed over by name. A child opens all of them before it says
 * {@link org.jvmipc.process.ParentJvm#ready()}; then the parent lets go of the child's ends, so that each side sees the end
 * of the other.
 *
 * <p>A pipe has one sender and one receiver. Its address, {@code pipe:PID.FD}, can be opened a second time, as whoever
 * inspects a pipe does; but a second sender of a framed pipe would put its bytes between those of the first, which tears
 * every frame of more than 4096 bytes, and its {@code close()} ends the stream for the reader, whatever the first still
 * sends. A second receiver takes away what the first then misses.
 *
 * <p><b>Thread safety.</b> The methods may be called from any thread, but a launcher belongs to one.
 *
 * <p><b>Platform notes.</b> {@code pipe(7)}, {@code pipe2(2)}; Linux, with {@code /proc} mounted.
 */
public final class Pipes {
    /** The name under which a child finds the pipe on its standard input. */
    public static final String STDIN = "stdin";

    /** The name under which a child finds the pipe on its standard output. */
    public static final String STDOUT = "stdout";

    private Pipes() {}

    /**
     * A pipe to the standard input of the child that the launcher will start.
     *
     * @throws IllegalArgumentException if its standard input is connected already; nothing is left open
     * @throws IOException if the pipe could not be made
     */
    public static <T> PipeSender<T> toStdin(JvmLauncher launcher, Codec<T> codec) throws IOException {
        return toStdin(launcher, codec, PipeOptions.defaults());
    }

    /**
     * A pipe to the standard input of the child that the launcher will start.
     *
     * @throws org.jvmipc.LimitException if the capacity or one more descriptor is refused
     * @throws IllegalArgumentException if its standard input is connected already; nothing is left open
     * @throws IOException if the pipe could not be made
     */
    public static <T> PipeSender<T> toStdin(JvmLauncher launcher, Codec<T> codec, PipeOptions options)
            throws IOException {
        Fd[] ends = PipeEnds.make(options);
        Address address = PipeEnds.address(ends[1], options);
        PipeSender<T> sender = ours(ends[0], () -> PipeEnds.sender(ends[1], address, codec, options));
        Address theirs = PipeEnds.withOptions(Address.of(PipeEnds.SCHEME, STDIN), options);
        return promised(sender, ends[0], () -> launcher.connectStdin(PipeEnds.path(ends[0]), theirs, ends[0]::close));
    }

    /**
     * A pipe from the standard output of the child that the launcher will start.
     *
     * @throws IllegalArgumentException if its standard output is connected already; nothing is left open
     * @throws IOException if the pipe could not be made
     */
    public static <T> PipeReceiver<T> fromStdout(JvmLauncher launcher, Codec<T> codec) throws IOException {
        return fromStdout(launcher, codec, PipeOptions.defaults());
    }

    /**
     * A pipe from the standard output of the child that the launcher will start.
     *
     * @throws org.jvmipc.LimitException if the capacity or one more descriptor is refused
     * @throws IllegalArgumentException if its standard output is connected already; nothing is left open
     * @throws IOException if the pipe could not be made
     */
    public static <T> PipeReceiver<T> fromStdout(JvmLauncher launcher, Codec<T> codec, PipeOptions options)
            throws IOException {
        Fd[] ends = PipeEnds.make(options);
        Address address = PipeEnds.address(ends[0], options);
        PipeReceiver<T> receiver = ours(ends[1], () -> PipeEnds.receiver(ends[0], address, codec, options));
        Address theirs = PipeEnds.withOptions(Address.of(PipeEnds.SCHEME, STDOUT), options);
        return promised(
                receiver, ends[1], () -> launcher.connectStdout(PipeEnds.path(ends[1]), theirs, ends[1]::close));
    }

    /**
     * A further pipe to the child, which opens it by this name.
     *
     * @throws IllegalArgumentException if the launcher refuses the name; nothing is left open
     * @throws IOException if the pipe could not be made
     */
    public static <T> PipeSender<T> toChild(JvmLauncher launcher, String name, Codec<T> codec) throws IOException {
        return toChild(launcher, name, codec, PipeOptions.defaults());
    }

    /**
     * A further pipe to the child, which opens it by this name.
     *
     * @throws org.jvmipc.LimitException if the capacity or one more descriptor is refused
     * @throws IllegalArgumentException if the launcher refuses the name; nothing is left open
     * @throws IOException if the pipe could not be made
     */
    public static <T> PipeSender<T> toChild(JvmLauncher launcher, String name, Codec<T> codec, PipeOptions options)
            throws IOException {
        Fd[] ends = PipeEnds.make(options);
        Address address = PipeEnds.address(ends[1], options);
        PipeSender<T> sender = ours(ends[0], () -> PipeEnds.sender(ends[1], address, codec, options));
        Address theirs = PipeEnds.address(ends[0], options);
        return promised(sender, ends[0], () -> launcher.handOver(name, theirs, ends[0]::close));
    }

    /**
     * A further pipe from the child, which opens it by this name.
     *
     * @throws IllegalArgumentException if the launcher refuses the name; nothing is left open
     * @throws IOException if the pipe could not be made
     */
    public static <T> PipeReceiver<T> fromChild(JvmLauncher launcher, String name, Codec<T> codec) throws IOException {
        return fromChild(launcher, name, codec, PipeOptions.defaults());
    }

    /**
     * A further pipe from the child, which opens it by this name.
     *
     * @throws org.jvmipc.LimitException if the capacity or one more descriptor is refused
     * @throws IllegalArgumentException if the launcher refuses the name; nothing is left open
     * @throws IOException if the pipe could not be made
     */
    public static <T> PipeReceiver<T> fromChild(JvmLauncher launcher, String name, Codec<T> codec, PipeOptions options)
            throws IOException {
        Fd[] ends = PipeEnds.make(options);
        Address address = PipeEnds.address(ends[0], options);
        PipeReceiver<T> receiver = ours(ends[1], () -> PipeEnds.receiver(ends[0], address, codec, options));
        Address theirs = PipeEnds.address(ends[1], options);
        return promised(receiver, ends[1], () -> launcher.handOver(name, theirs, ends[1]::close));
    }

    /**
     * A pipe with both ends in this process.
     *
     * @throws IOException if the pipe could not be made
     */
    public static <T> PipePair<T> open(Codec<T> codec) throws IOException {
        return open(codec, PipeOptions.defaults());
    }

    /**
     * A pipe with both ends in this process.
     *
     * @throws org.jvmipc.LimitException if the capacity or one more descriptor is refused
     * @throws IOException if the pipe could not be made
     */
    public static <T> PipePair<T> open(Codec<T> codec, PipeOptions options) throws IOException {
        Fd[] ends = PipeEnds.make(options);
        Address writing = PipeEnds.address(ends[1], options);
        Address reading = PipeEnds.address(ends[0], options);
        PipeSender<T> sender = ours(ends[0], () -> PipeEnds.sender(ends[1], writing, codec, options));
        try {
            return new PipePair<>(sender, PipeEnds.receiver(ends[0], reading, codec, options));
        } catch (IOException | RuntimeException e) {
            sender.close();
            throw e;
        }
    }

    /**
     * Promises the other end to the child; should the launcher refuse, both are closed, the other one first: then there is
     * nobody to say goodbye to, and nothing to wait for.
     */
    private static <E extends Endpoint> E promised(E ours, Fd theirs, Runnable handingOver) throws IOException {
        try {
            handingOver.run();
            return ours;
        } catch (RuntimeException e) {
            try (ours) {
                theirs.close();
            } catch (IOException closing) {
                e.addSuppressed(closing);
            }
            throw e;
        }
    }

    private interface Opening<E> {
        E open() throws IOException;
    }

    /** Opens our end; should that fail, nothing is left of the other one. */
    private static <E> E ours(Fd theirs, Opening<E> opening) throws IOException {
        try {
            return opening.open();
        } catch (IOException | RuntimeException e) {
            theirs.close();
            throw e;
        }
    }
}

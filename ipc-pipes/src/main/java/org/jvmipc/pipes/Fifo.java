package org.jvmipc.pipes;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.jvmipc.Address;
import org.jvmipc.AddressException;
import org.jvmipc.Codec;
import org.jvmipc.OsException;
import org.jvmipc.internal.Deadline;
import org.jvmipc.internal.posix.FileStatus;
import org.jvmipc.internal.registry.ObjectFile;
import org.jvmipc.internal.registry.ObjectParameters;
import org.jvmipc.internal.registry.ObjectPaths;
import org.jvmipc.process.ProcessIdentity;
import org.jvmipc.spi.Removal;

/**
 * A named pipe: a pipe with a name in the file system, by which processes that know nothing else of each other meet. Half
 * duplex, first in first out, a buffer of fixed size in the kernel that lives while somebody has the FIFO open.
 *
 * <pre>{@code
 * Fifo orders = Fifo.openOrCreate(Fifo.path("orders"), FifoOptions.defaults());
 *
 * // one process, or several
 * try (FifoSender<String> out = orders.openSender(Codecs.utf8())) {   // waits for a receiver
 *     out.send("one espresso");
 * }
 *
 * // another one
 * try (FifoReceiver<String> in = orders.openReceiver(Codecs.utf8())) {
 *     System.out.println(in.receive());                              // waits for a sender, then for a message
 * }
 * }</pre>
 *
 * <table>
 * <caption>Forms of opening to send</caption>
 * <tr><th></th><th>no receiver</th></tr>
 * <tr><td>{@link #openSender(Codec)}</td><td>waits, interruptibly</td></tr>
 * <tr><td>{@link #tryOpenSender(Codec)}</td><td>{@code null}, at once</td></tr>
 * <tr><td>{@link #tryOpenSender(Codec, Duration)}</td><td>{@code null}, after the time</td></tr>
 * </table>
 *
 * <p>{@link #openReceiver(Codec)} waits for nobody: the first receive does, and so does
 * {@link FifoReceiver#awaitSender()}.
 *
 * <p>What is at the path is opened only if it is a FIFO, belongs to this user (or the one named in
 * {@link FifoOptions#owner()}), has one name and is no symbolic link; anything else is refused and left as it is.
 *
 * <p>This object holds nothing open, and closing ends does not remove the name: {@link #remove(Path)} does. Who has it open
 * then goes on undisturbed.
 *
 * <p><b>Thread safety.</b> Immutable; all methods may be called by any thread.
 *
 * <p><b>Platform notes.</b> {@code fifo(7)}, {@code mkfifo(3)}. The settings are in the registry of the runtime directory,
 * so those who share a FIFO share {@code IPC_HOME} as well, or open it with the same options.
 */
public final class Fifo {
    private final String path;
    private final Address address;
    private final FifoOptions options;

    private Fifo(String path, Address address, FifoOptions options) {
        this.path = path;
        this.address = address;
        this.options = options;
    }

    /**
     * Creates a FIFO with the defaults where nothing is.
     *
     * @throws IOException as {@link #create(Path, FifoOptions)}
     */
    public static Fifo create(Path path) throws IOException {
        return create(path, FifoOptions.defaults());
    }

    /**
     * Creates a FIFO where nothing is. What is left there of a creator that was killed meanwhile is done away with first.
     *
     * @throws OsException {@code EEXIST} if there is anything at the path
     * @throws org.jvmipc.LimitException if the kernel refuses the capacity
     * @throws IllegalArgumentException if the options name another owner: a FIFO is made by its owner
     * @throws IOException if it could not be made; nothing is left behind then
     */
    public static Fifo create(Path path, FifoOptions options) throws IOException {
        return create(path, options, ProcessIdentity.self());
    }

    /** The same for another process, to which it belongs. */
    static Fifo create(Path path, FifoOptions options, ProcessIdentity owner) throws IOException {
        requireOwn(options);
        String canonical = ObjectPaths.canonical(path);
        Address address = FifoRegistry.PATHS.address(canonical);
        FifoRegistry.create(canonical, address, options, owner);
        return new Fifo(canonical, address, options);
    }

    /**
     * The FIFO at the path, with what was settled at its creation; with the defaults if another program made it.
     *
     * @throws OsException {@code ENOENT} if there is nothing
     * @throws IOException if what is there is refused, or cannot be looked at
     */
    public static Fifo open(Path path) throws IOException {
        String canonical = ObjectPaths.canonical(path);
        FifoOptions recorded = FifoRegistry.recorded(canonical, FifoOptions.SELF);
        FifoOptions options = recorded == null ? FifoOptions.defaults() : recorded;
        return new Fifo(canonical, FifoRegistry.PATHS.address(canonical), options);
    }

    /**
     * The FIFO at the path, used as these options say and not as its record does: one that another program or another user
     * made, or that is to be used as plain bytes. Mode and lifetime are its creator's.
     *
     * @throws OsException {@code ENOENT} if there is nothing
     * @throws IOException if what is there is refused, or cannot be looked at
     */
    public static Fifo open(Path path, FifoOptions options) throws IOException {
        String canonical = ObjectPaths.canonical(path);
        FifoOptions recorded = FifoRegistry.recorded(canonical, options.owner());
        FifoOptions used =
                recorded == null ? options : options.withMode(recorded.mode()).withLifetime(recorded.lifetime());
        return new Fifo(canonical, FifoAddress.with(FifoRegistry.PATHS.address(canonical), used), used);
    }

    /**
     * The FIFO of an address, {@code fifo:/path} or {@code fifo:NAME}, with what was settled at its creation; parameters of
     * the address go before that.
     *
     * @throws org.jvmipc.AddressException if it is no address of a FIFO
     * @throws IOException as {@link #open(Path, FifoOptions)}
     */
    public static Fifo open(Address address) throws IOException {
        if (!address.scheme().equals(FifoRegistry.SCHEME)) {
            throw new AddressException(address.toString(), "a FIFO's scheme is fifo", null);
        }
        address.checkParameters(FifoAddress.parameters().keySet());
        Path path = FifoRegistry.PATHS.of(address);
        if (address.parameters().isEmpty()) {
            return open(path);
        }
        FifoOptions recorded = FifoRegistry.recorded(ObjectPaths.canonical(path), ObjectParameters.owner(address));
        return open(path, FifoAddress.options(address, recorded == null ? FifoOptions.defaults() : recorded));
    }

    /**
     * The FIFO at the path, created first if there is nothing. One that is there keeps what was settled at its creation; if
     * it was {@link org.jvmipc.Lifetime#OWNED} by a process that is dead, this one owns it from now on.
     *
     * @param options for its creation, or if no record tells of it
     * @throws IOException if what is there is refused, or it could not be made
     */
    public static Fifo openOrCreate(Path path, FifoOptions options) throws IOException {
        requireOwn(options);
        String canonical = ObjectPaths.canonical(path);
        Address address = FifoRegistry.PATHS.address(canonical);
        return new Fifo(canonical, address, FifoRegistry.openOrCreate(canonical, address, options));
    }

    private static void requireOwn(FifoOptions options) {
        if (options.owner() != FifoOptions.SELF) {
            throw new IllegalArgumentException(
                    "owner is " + options.owner() + "; a FIFO is made by its owner, so it must be -1, oneself");
        }
    }

    /**
     * Whether there is a FIFO of this user at the path.
     *
     * @throws IOException if something else is there, or it cannot be looked at
     */
    public static boolean exists(Path path) throws IOException {
        return exists(path, FifoOptions.SELF);
    }

    static boolean exists(Path path, int owner) throws IOException {
        String canonical = ObjectPaths.canonicalOrNull(path);
        ObjectFile file = canonical == null
                ? null
                : ObjectFile.findOrNull(FifoRegistry.SCHEME, canonical, FileStatus.FIFO, owner);
        if (file != null) {
            file.close();
        }
        return file != null;
    }

    /**
     * Removes the name. Who has the FIFO open goes on; who opens the name afterwards finds nothing.
     *
     * @return false if there was none
     * @throws IOException if something else than a FIFO of this user is there, which is left alone; or it could not be removed
     */
    public static boolean remove(Path path) throws IOException {
        return remove(path, FifoOptions.SELF);
    }

    static boolean remove(Path path, int owner) throws IOException {
        String canonical = ObjectPaths.canonicalOrNull(path);
        return canonical != null && FifoRegistry.remove(canonical, owner);
    }

    /**
     * Removes what the dead have left: FIFOs {@link org.jvmipc.Lifetime#OWNED} by a process that is proven dead and that
     * nobody has open, and those that a killed creator did not finish. Of several who do this at once exactly one removes
     * each; a live object, or one that is not this user's, is never touched.
     *
     * <p>Which process has a FIFO open is seen of those that this user may look into. Of one that others may open as well,
     * by mode 0660 say, the processes of another user are not seen: it is removed under them, and they go on without its
     * name. Create such a FIFO as {@link org.jvmipc.Lifetime#KEPT}.
     *
     * @return the addresses of those that were removed, by this call
     * @throws IOException if the registry cannot be read
     */
    public static List<Address> removeStale() throws IOException {
        return FifoRegistry.OBJECTS.removeStale(false).stream()
                .filter(removal -> removal.outcome() == Removal.Outcome.REMOVED)
                .map(Removal::address)
                .toList();
    }

    /**
     * Where the FIFO of a bare name is: in the runtime directory, {@code /dev/shm/ipc-<euid>} or {@code $IPC_HOME}.
     *
     * @param name 1 to 64 characters of {@code A-Z a-z 0-9 . _ -}, the first one no dot
     * @throws IllegalArgumentException if it is no name
     * @throws IOException if {@code IPC_HOME} is not an absolute path
     */
    public static Path path(String name) throws IOException {
        return FifoRegistry.PATHS.ofName(name);
    }

    // ---- this one

    /**
     * What another process opens it by: {@code fifo:/path}, or {@code fifo:NAME} in the runtime directory. After
     * {@link #open(Path, FifoOptions)} it carries as parameters those options that are not the defaults, and after
     * {@link #open(Address)} of an address with parameters too.
     */
    public Address address() {
        return address;
    }

    /** Where it is; absolute. */
    public Path path() {
        return Path.of(path);
    }

    /** How its ends work. */
    public FifoOptions options() {
        return options;
    }

    /**
     * Opens it for sending, and waits until somebody has it open for receiving.
     *
     * @throws InterruptedException if interrupted while waiting
     * @throws OsException {@code ENOENT} if it has been removed
     * @throws org.jvmipc.LimitException if it is for one sender, and another one has it
     * @throws IOException if it cannot be opened
     */
    public <T> FifoSender<T> openSender(Codec<T> codec) throws IOException, InterruptedException {
        FifoSender<T> sender = new FifoOpening(path, address, options).sender(codec, Deadline.NEVER);
        if (sender == null) {
            throw new IllegalStateException("an open without deadline ran out of time");
        }
        return sender;
    }

    /**
     * Opens it for sending if somebody has it open for receiving.
     *
     * @return null if nobody has
     * @throws IOException as {@link #openSender(Codec)}
     */
    public <T> @Nullable FifoSender<T> tryOpenSender(Codec<T> codec) throws IOException {
        try {
            return new FifoOpening(path, address, options).sender(codec, Deadline.NOW);
        } catch (InterruptedException e) {
            throw new IllegalStateException("an open that never waits was interrupted", e);
        }
    }

    /**
     * Opens it for sending, and waits at most the given time for somebody to have it open for receiving.
     *
     * @param timeout how long to wait; zero or less is {@link #tryOpenSender(Codec)}
     * @return null if nobody had it open in that time
     * @throws InterruptedException if interrupted while waiting
     * @throws IOException as {@link #openSender(Codec)}
     */
    public <T> @Nullable FifoSender<T> tryOpenSender(Codec<T> codec, Duration timeout)
            throws IOException, InterruptedException {
        Deadline deadline = Deadline.after(timeout);
        return deadline.isNow()
                ? tryOpenSender(codec)
                : new FifoOpening(path, address, options).sender(codec, deadline);
    }

    /**
     * Opens it for receiving, which waits for nobody. Only of a FIFO of {@link FifoSharing#PACKETS} may there be several
     * receivers at one time; of one whose receiver has just been killed, the kernel may take a moment to say so, and that is
     * waited for.
     *
     * @throws InterruptedException if interrupted in that moment
     * @throws org.jvmipc.LimitException if another receiver has it
     * @throws OsException {@code ENOENT} if it has been removed
     * @throws IOException if it cannot be opened
     */
    public <T> FifoReceiver<T> openReceiver(Codec<T> codec) throws IOException, InterruptedException {
        return new FifoOpening(path, address, options).receiver(codec);
    }

    @Override
    public String toString() {
        return "Fifo[" + address + "]";
    }
}

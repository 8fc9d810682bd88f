package org.jvmipc.pipes;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jvmipc.Address;
import org.jvmipc.AddressException;
import org.jvmipc.Capability;
import org.jvmipc.Codec;
import org.jvmipc.OsException;
import org.jvmipc.Receiver;
import org.jvmipc.Sender;
import org.jvmipc.UnsupportedMechanismException;
import org.jvmipc.internal.ChildStdio;
import org.jvmipc.internal.posix.Errno;
import org.jvmipc.internal.posix.Fcntl;
import org.jvmipc.internal.posix.Fd;
import org.jvmipc.internal.posix.OsCalls;
import org.jvmipc.spi.Transport;

/**
 * The scheme {@code pipe:}. An anonymous pipe has no name, so its address is where a process holds it:
 *
 * <ul>
 *   <li>{@code pipe:PID.FD}, descriptor FD of process PID of the same user, opened anew through {@code /proc};
 *   <li>{@code pipe:stdin}, {@code pipe:stdout}, the pipes a child was started on, taken over once.
 * </ul>
 */
public final class PipeTransport implements Transport {
    private static final Pattern HELD = Pattern.compile("(\\d{1,10})\\.(\\d{1,10})");

    /** For {@link java.util.ServiceLoader}. */
    public PipeTransport() {}

    @Override
    public String name() {
        return PipeEnds.SCHEME;
    }

    @Override
    public Set<Capability> capabilities() {
        return PipeEnd.CAPABILITIES;
    }

    @Override
    public Map<String, String> parameters() {
        Map<String, String> parameters = new LinkedHashMap<>();
        parameters.put(PipeEnds.FRAMING, "framed (default), line, nul, len32 or raw");
        parameters.put(PipeEnds.MAX_MESSAGE, "largest message, default 16m");
        return parameters;
    }

    @Override
    public <T> Sender<T> openSender(Address address, Codec<T> codec) throws IOException {
        PipeOptions options = PipeEnds.options(address);
        return PipeEnds.sender(open(address, Fcntl.O_WRONLY), address, codec, options);
    }

    @Override
    public <T> Receiver<T> openReceiver(Address address, Codec<T> codec) throws IOException {
        PipeOptions options = PipeEnds.options(address);
        return PipeEnds.receiver(open(address, Fcntl.O_RDONLY), address, codec, options);
    }

    private static Fd open(Address address, int direction) throws IOException {
        // Taking is for once, so what can be wrong with the address is looked for before.
        return switch (address.location()) {
            case Pipes.STDIN -> {
                requireDirection(address, direction == Fcntl.O_RDONLY, "receiving");
                yield reopened(ChildStdio.takeStdin(), direction, address);
            }
            case Pipes.STDOUT -> {
                requireDirection(address, direction == Fcntl.O_WRONLY, "sending");
                yield reopened(ChildStdio.takeStdout(), direction, address);
            }
            default -> PipeEnds.open(path(address), direction, address);
        };
    }

    private static void requireDirection(Address address, boolean right, String only) {
        if (!right) {
            throw new AddressException(address.toString(), "it is for " + only + " only", null);
        }
    }

    /**
     * A standard descriptor shares its open file description, and so O_NONBLOCK, with whoever started this process; so the
     * pipe is opened anew, and the old descriptor closed, or the other side would never see an end.
     */
    private static Fd reopened(Fd standard, int direction, Address address) throws IOException {
        try (standard) {
            return PipeEnds.open("/proc/self/fd/" + standard.number(), direction, address);
        }
    }

    private static String path(Address address) {
        Matcher held = HELD.matcher(address.location());
        if (!held.matches()) {
            throw new AddressException(
                    address.toString(), "a pipe's address is pipe:PID.FD, pipe:stdin or pipe:stdout", null);
        }
        return "/proc/" + held.group(1) + "/fd/" + held.group(2);
    }

    @Override
    public Address create(Address address) throws IOException {
        throw unnamed(address, "created");
    }

    @Override
    public boolean remove(Address address) throws IOException {
        throw unnamed(address, "removed");
    }

    private static UnsupportedMechanismException unnamed(Address address, String verb) {
        return new UnsupportedMechanismException(address + ": an anonymous pipe has no name and cannot be " + verb
                + " by one; it lives as long as a process holds it (a fifo: is the named kind)");
    }

    @Override
    public boolean exists(Address address) throws IOException {
        try (Fd fd = inspectable(address)) {
            return fd.isOpen();
        } catch (OsException e) {
            if (e.errno() == Errno.ENOENT || e.errno() == Errno.ENXIO) {
                return false;
            }
            throw e; // it may be there, out of this user's reach
        }
    }

    @Override
    public Map<String, Object> inspect(Address address) throws IOException {
        try (Fd fd = inspectable(address)) {
            Map<String, Object> facts = new LinkedHashMap<>();
            facts.put("capacity", OsCalls.pipeCapacity(fd.number()));
            facts.put("waiting", OsCalls.bytesWaiting(fd.number()));
            return facts;
        }
    }

    /** Opened for reading, which never waits and, without a read, disturbs nobody. */
    private static Fd inspectable(Address address) throws IOException {
        if (address.location().equals(Pipes.STDIN) || address.location().equals(Pipes.STDOUT)) {
            throw new UnsupportedMechanismException(address
                    + ": only the child JVM that was started on it can open it, once, and nobody can look at it by this"
                    + " address; pipe:PID.FD names a pipe that is open");
        }
        return PipeEnds.open(path(address), Fcntl.O_RDONLY, address);
    }

    @Override
    public List<Address> list() {
        return List.of(); // they have no names
    }
}

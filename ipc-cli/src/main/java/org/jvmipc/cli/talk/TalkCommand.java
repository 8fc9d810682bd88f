package org.jvmipc.cli.talk;

import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jvmipc.Address;
import org.jvmipc.AddressException;
import org.jvmipc.Endpoint;
import org.jvmipc.Ipc;
import org.jvmipc.OsException;
import org.jvmipc.PeerGoneException;
import org.jvmipc.cli.frame.CommandException;
import org.jvmipc.cli.frame.Console;
import org.jvmipc.cli.frame.ErrorKind;
import org.jvmipc.cli.frame.Failure;
import org.jvmipc.cli.frame.IpcCommand;
import org.jvmipc.cli.frame.Json;
import org.jvmipc.cli.frame.StdoutClosedException;
import org.jvmipc.cli.frame.WaitOptions;
import org.jvmipc.internal.Deadline;
import org.jvmipc.internal.Units;
import org.jvmipc.internal.posix.Errno;
import org.jvmipc.spi.Transport;
import picocli.CommandLine.Mixin;

/** What the verbs that talk to an endpoint have in common: opening it, and the words for what goes wrong. */
abstract class TalkCommand implements IpcCommand {
    private final String verb;

    @Mixin
    final WaitOptions options = new WaitOptions();

    TalkCommand(String verb) {
        this.verb = verb;
    }

    /** The endpoint that an error is about. */
    abstract Address about();

    /** Does it. */
    abstract int talk(Console console) throws IOException, InterruptedException;

    /** What a failure says of how far it got; nothing if there is nothing to say. */
    String progress() {
        return "";
    }

    @Override
    public final boolean endsInOrder() {
        return true;
    }

    @Override
    public final int run(Console console) throws IOException, InterruptedException {
        options.begin(verb);
        try {
            return talk(console);
        } catch (StdoutClosedException e) {
            throw e;
        } catch (IOException e) {
            Failure failure = Failure.of(verb, about(), e, fixes(e));
            throw new CommandException(failure.with(progress()), e);
        } catch (AddressException e) {
            throw e;
        } catch (IllegalArgumentException e) { // a message that cannot be marked off so
            throw failed(ErrorKind.FAILED, String.valueOf(e.getMessage()), "-f len32 or framed take any message");
        } finally {
            console.waits().end();
        }
    }

    /** Whether the verb has an option {@code --create}. */
    boolean takesCreate() {
        return false;
    }

    private String[] fixes(IOException e) {
        if (e instanceof PeerGoneException gone
                && gone.reason() == PeerGoneException.Reason.UNKNOWN
                && Ipc.scheme(about()) instanceof Transport transport
                && transport.makesConnections()) {
            return new String[] {"start who receives there first, as 'ipc listen " + about().withoutParameters() + "'"};
        }
        if (!(e instanceof OsException failed)) {
            return new String[0];
        }
        Address name = about().withoutParameters();
        if (failed.errno() == Errno.EADDRINUSE) {
            return new String[] {"'ipc inspect " + name + "' tells which process has it: end that one, or take another"
            };
        }
        if (ErrorKind.ofErrno(failed.errno()) != ErrorKind.NO_ENDPOINT) {
            return new String[0];
        }
        if (Opening.isInbox(about())) {
            return new String[] {Opening.startOwner(name)};
        }
        if (Ipc.scheme(about()) instanceof Transport transport && transport.makesConnections()) {
            return new String[] {Opening.startServer(name)};
        }
        if (failed.errno() != Errno.ENOENT) {
            return new String[0];
        }
        return new String[] {"create it with 'ipc create " + about() + "'" + (takesCreate() ? ", or give --create" : "")
        };
    }

    // ---- opening

    /** Makes the object if it is not there. */
    final void create(Route route) throws IOException {
        Transport transport = route.transport();
        if (transport.exists(route.address())) {
            return;
        }
        try {
            Address address = route.address();
            transport.create(address.parameter(Route.EXACT) == null ? address : address.without(Route.EXACT));
        } catch (OsException e) {
            if (e.errno() != Errno.EEXIST) { // else another was faster
                throw e;
            }
        }
    }

    /** Opens one of its endpoints, and waits for the other side as long as the options allow. */
    final Opening open(Route route, Console console) {
        return new Opening(this, route, console);
    }

    /** What is left of the time for the other side. */
    final Duration remaining() {
        return remaining(options.deadline());
    }

    /** Says where it was opened, if that was left to the kernel: who is to come has to know. */
    static Address opened(Endpoint endpoint, Route route, Console console) {
        Address address = route.name();
        if (!address.isHostAndPort() || address.port() != 0) {
            return address;
        }
        Address name = endpoint.address().withoutParameters();
        if (console.json()) {
            console.talk().write(Json.line(listening(name)) + "\n");
        } else if (!console.quiet()) {
            console.talk().write("ipc: listening on " + name + "\n");
        }
        return name;
    }

    private static Map<String, Object> listening(Address name) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("schema", "ipc.listening/1");
        object.put("address", name.toString());
        return object;
    }

    /** What is left of the time; the longest there is if there is no limit. */
    static Duration remaining(Deadline deadline) {
        return Duration.ofNanos(deadline.remainingNanos());
    }

    // ---- failures

    /** {@code --no-wait} was given, and it would have to wait. */
    final CommandException busy(String why) {
        String text = why + ", and --no-wait was given (EAGAIN)";
        return failed(ErrorKind.BUSY, text, "leave --no-wait out to wait for it; -t DUR waits so long");
    }

    final CommandException timedOut(String why, String... fixes) {
        Duration timeout = options.timeout();
        String within = timeout == null ? "" : " within " + Units.formatDuration(timeout);
        return failed(ErrorKind.TIMED_OUT, why + within, fixes);
    }

    final CommandException failed(ErrorKind kind, String why, String... fixes) {
        String name = about().withoutParameters().toString();
        Failure failure =
                Failure.of(kind, verb + " " + name + ": " + why, fixes).withAddress(name);
        return new CommandException(failure.with(progress()));
    }

    /** Refuses a combination of options. */
    final void refuse(boolean given, String what, String... fixes) {
        if (given) {
            throw CommandException.usage(verb + ": " + what, fixes);
        }
    }
}

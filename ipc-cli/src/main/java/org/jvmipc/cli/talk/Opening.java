package org.jvmipc.cli.talk;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.jvmipc.Address;
import org.jvmipc.AddressException;
import org.jvmipc.Codecs;
import org.jvmipc.Connection;
import org.jvmipc.Endpoint;
import org.jvmipc.Listener;
import org.jvmipc.Receiver;
import org.jvmipc.Sender;
import org.jvmipc.cli.frame.CommandException;
import org.jvmipc.cli.frame.Console;
import org.jvmipc.cli.frame.ErrorKind;
import org.jvmipc.internal.posix.Errno;
import org.jvmipc.mq.InboxOptions;
import org.jvmipc.mq.InboxRequester;
import org.jvmipc.spi.Transport;

/**
 * Opens endpoints, and waits for the other side as long as the options allow. A reader of a FIFO is waited for anyway, a server
 * only with {@code -t}: without it, one that is not there is an error at once.
 */
final class Opening {
    private static final String SAY_INSECURE = "; say `insecure`";

    /** An inbox is there as long as somebody has it: who sends waits for that with {@code -t} only. */
    private static final String INBOX = "inbox";

    /** For one answer of one process. */
    private static final InboxOptions ANSWERS = InboxOptions.defaults().withSenders(1);

    private final TalkCommand command;
    private final Route route;
    private final Console console;

    Opening(TalkCommand command, Route route, Console console) {
        this.command = command;
        this.route = route;
        this.console = console;
    }

    /** One way of opening; null if the other side was not there in time. */
    private interface Way<E extends Endpoint> {
        @Nullable
        E open(Transport transport, Address address) throws IOException, InterruptedException;
    }

    Sender<ByteBuffer> sender() throws IOException, InterruptedException {
        return open(
                isOfServer() ? "a server on " : isInbox() ? "an owner of " : "a reader on ",
                isOfServer() ? "no server was there" : isInbox() ? "nobody had it" : "nobody was receiving",
                (transport, address) -> waitsForNobody()
                        ? transport.openSender(address, Codecs.buffers())
                        : transport.tryOpenSender(address, Codecs.buffers(), command.remaining()));
    }

    Receiver<ByteBuffer> receiver() throws IOException, InterruptedException {
        return open(
                "a server on ",
                "no server was there",
                (transport, address) -> command.options.isBounded()
                        ? transport.tryOpenReceiver(address, Codecs.buffers(), command.remaining())
                        : transport.openReceiver(address, Codecs.buffers()));
    }

    Connection<ByteBuffer> connection() throws IOException, InterruptedException {
        return open(
                "a connection to ",
                "no server was there",
                (transport, address) -> waitsForNobody()
                        ? transport.openConnection(address, Codecs.buffers())
                        : transport.tryOpenConnection(address, Codecs.buffers(), command.remaining()));
    }

    Listener<ByteBuffer> listener() throws IOException, InterruptedException {
        return open("", "", (transport, address) -> transport.openListener(address, Codecs.buffers()));
    }

    /** One who asks the owner of an inbox. */
    InboxRequester<ByteBuffer> requester() throws IOException, InterruptedException {
        if (waitsForNobody()) {
            return InboxRequester.open(route.name(), Codecs.buffers(), ANSWERS);
        }
        console.waits().begin("an owner of " + route.name());
        InboxRequester<ByteBuffer> requester =
                InboxRequester.tryAwait(route.name(), Codecs.buffers(), ANSWERS, command.remaining());
        console.waits().end();
        if (requester == null) {
            throw absent("nobody had it");
        }
        return requester;
    }

    private boolean isOfServer() {
        return route.transport().makesConnections();
    }

    private boolean isInbox() {
        return isInbox(route.address());
    }

    /** Whether it is the inbox of a process. */
    static boolean isInbox(Address address) {
        return address.scheme().equals(INBOX);
    }

    private boolean waitsForNobody() {
        return (isOfServer() || isInbox()) && !command.options.isBounded();
    }

    private <E extends Endpoint> E open(String whom, String absent, Way<E> way)
            throws IOException, InterruptedException {
        console.waits().begin(whom + route.name());
        try {
            E open = way.open(route.transport(), route.address());
            if (open == null) {
                throw absent(absent);
            }
            return open;
        } catch (AddressException e) {
            throw e;
        } catch (IllegalArgumentException e) { // an address that is not this machine's alone
            throw refused(String.valueOf(e.getMessage()));
        } finally {
            console.waits().end();
        }
    }

    private CommandException absent(String why) throws IOException {
        if (!command.options.noWait()) {
            return command.timedOut(why);
        }
        if (isInbox()) {
            return command.failed(ErrorKind.NO_ENDPOINT, "nobody has it (ENOENT)", startOwner(route.name()));
        }
        if (isOfServer() && !route.transport().exists(route.address())) {
            return command.failed(
                    ErrorKind.NO_ENDPOINT,
                    Errno.text(Errno.ECONNREFUSED) + " (" + Errno.name(Errno.ECONNREFUSED) + ")",
                    startServer(route.name()));
        }
        return command.busy(isOfServer() ? "it takes no connection now" : "nobody is receiving");
    }

    private CommandException refused(String why) {
        int remedy = why.indexOf(SAY_INSECURE);
        return remedy < 0
                ? command.failed(ErrorKind.USAGE, why)
                : command.failed(
                        ErrorKind.USAGE, why.substring(0, remedy), "'" + route.name() + "?insecure' allows it");
    }

    /** What helps where nobody has the inbox. */
    static String startOwner(Address name) {
        return "have it opened first, as 'ipc recv -F " + name + "' does; -t DUR waits for it so long";
    }

    /** What helps where nobody listens. */
    static String startServer(Address name) {
        return "start its server first, as 'ipc listen " + name + "' is one; -t DUR waits for it so long";
    }
}

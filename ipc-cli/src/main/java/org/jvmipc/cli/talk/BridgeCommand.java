package org.jvmipc.cli.talk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.jvmipc.Address;
import org.jvmipc.Capability;
import org.jvmipc.Connection;
import org.jvmipc.Framing;
import org.jvmipc.Ipc;
import org.jvmipc.Receiver;
import org.jvmipc.Sender;
import org.jvmipc.cli.frame.CommandException;
import org.jvmipc.cli.frame.Console;
import org.jvmipc.cli.frame.ExitCode;
import org.jvmipc.mq.PosixMessageReceiver;
import org.jvmipc.mq.PosixMessageSender;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ipc bridge}: what comes from one endpoint goes to another. */
@Command(
        name = "ipc bridge",
        synopsisHeading = "Usage: ",
        customSynopsis = "ipc bridge FROM TO [-u] [--tee] [options]",
        description = {
            "Joins two endpoints: what comes from FROM is sent to TO, and back as well where",
            "both go both ways. Ends when FROM has ended, and what came from it is sent."
        },
        optionListHeading = "%nOptions%n",
        parameterListHeading = "%n",
        footerHeading = "%nExamples%n",
        footer = {
            "  ipc bridge fifo:/tmp/a fifo:/tmp/b",
            "  ipc bridge -F --tee fifo:/tmp/a fifo:/tmp/b   for ever, and shows what goes by"
        },
        sortOptions = false)
public final class BridgeCommand extends TalkCommand {
    @Parameters(index = "0", paramLabel = "FROM", description = "Where from, as fifo:/tmp/a.")
    private String source = "";

    @Parameters(index = "1", paramLabel = "TO", description = "Where to, as fifo:/tmp/b.")
    private String target = "";

    @Option(
            names = {"-u", "--one-way"},
            description = "From FROM to TO only, where both go both ways.")
    private boolean oneWay;

    @Option(names = "--tee", description = "Print what goes from FROM to TO, too.")
    private boolean tee;

    @Option(
            names = {"-F", "--follow"},
            description = "For ever: wait for the next sender when the last one has left.")
    private boolean follow;

    @Option(
            names = {"-f", "--frame"},
            paramLabel = "FRAME",
            converter = FrameConverter.class,
            description = {
                "How messages are marked off in streams of bytes: line, nul, len32, json, raw, framed. Without it: raw"
                        + " between two such streams, else line."
            })
    private @Nullable Frame frame;

    private Address about = Address.of("fifo:unknown");
    private long passed;
    private long handedOver;

    /** The verb. */
    public BridgeCommand() {
        super("bridge");
    }

    @Override
    Address about() {
        return about;
    }

    @Override
    String progress() {
        return passed == 0 ? "" : "; " + passed + (passed == 1 ? " message" : " messages") + " went by before";
    }

    @Override
    int talk(Console console) throws IOException, InterruptedException {
        Address from = Address.of(source);
        Address to = Address.of(target);
        if (from.withoutParameters().equals(to.withoutParameters())) {
            throw CommandException.usage("bridge: " + from + " to itself", "give two endpoints");
        }
        about = from;
        Route in = Route.of(from, frame, usual(from, to));
        about = to;
        Route out = Route.of(to, frame, usual(to, from));
        MessagePrinter printer =
                tee ? new MessagePrinter(console.out(), in.name(), in.frame(), null, console.json()) : null;
        if (!oneWay && goesBothWays(in) && goesBothWays(out)) {
            joinBothWays(in, out, printer, console);
        } else {
            join(in, out, printer, console);
        }
        console.talk().detail("bridge " + in.name() + " " + out.name() + ": " + passed + " messages");
        return ExitCode.SUCCESS;
    }

    /** Between two streams of bytes nothing need be marked off. */
    private static Frame usual(Address one, Address other) throws IOException {
        boolean bytes = Ipc.scheme(one).parameters().containsKey(Route.FRAMING)
                && Ipc.scheme(other).parameters().containsKey(Route.FRAMING);
        if (!bytes) {
            return Frame.LINE;
        }
        Frame settled = settled(other);
        return settled == null ? Frame.RAW : settled;
    }

    /** How the other stream marks off its messages, if anything tells: this one does as it does, or lines would lose their ends. */
    private static @Nullable Frame settled(Address address) throws IOException {
        String framing = address.parameter(Route.FRAMING);
        if (framing == null) {
            framing = Ipc.scheme(address).settings(address).get(Route.FRAMING);
        }
        return framing == null
                ? null
                : Frame.of(address.with(Route.FRAMING, framing).choice(Route.FRAMING, Framing.class, Framing.LINE));
    }

    /** Datagrams have a side that is sent to and one that sends, as FROM and TO say. */
    private static boolean goesBothWays(Route route) {
        return route.transport().capabilities().containsAll(Set.of(Capability.DUPLEX, Capability.RELIABLE));
    }

    private void join(Route in, Route out, @Nullable MessagePrinter printer, Console console)
            throws IOException, InterruptedException {
        about = in.address();
        try (Intake intake = intake(in, console)) {
            about = out.address();
            try (Sender<ByteBuffer> sender = open(out, console).sender()) {
                pump(in, intake, out, outlet(intake, sender, out, console), printer, console);
            }
        }
    }

    /** From one queue of the kernel to another messages keep their priorities, unless TO says which they are to have. */
    private static Outlet outlet(Intake intake, Sender<ByteBuffer> sender, Route out, Console console) {
        return intake instanceof PrioritizedTaking taking
                        && sender instanceof PosixMessageSender<ByteBuffer> queue
                        && out.address().parameter(SendCommand.PRIORITY) == null
                ? new PrioritizedOutlet(queue, taking, console.waits())
                : new BatchOutlet(sender, out, console.waits());
    }

    /** Of a group of a durable queue each message is acknowledged when it was handed over, and not before. */
    private Intake intake(Route in, Console console) throws IOException, InterruptedException {
        if (in.address().scheme().equals(RecvCommand.QUEUE) && in.address().parameter("group") != null) {
            return GroupTaking.open(in, false, text -> console.talk().warn("bridge " + in.name() + ": " + text));
        }
        Receiver<ByteBuffer> receiver = open(in, console).receiver();
        opened(receiver, in, console);
        if (receiver instanceof PosixMessageReceiver<ByteBuffer> kernelQueue) {
            return new PrioritizedTaking(kernelQueue, false);
        }
        return new Inlet(receiver, follow, text -> console.talk().warn(text));
    }

    private void joinBothWays(Route in, Route out, @Nullable MessagePrinter printer, Console console)
            throws IOException, InterruptedException {
        about = in.address();
        try (Connection<ByteBuffer> one = open(in, console).connection()) {
            about = out.address();
            try (Connection<ByteBuffer> other = open(out, console).connection();
                    Backwards backwards = new Backwards(other, one)) {
                Inlet intake = new Inlet(one, follow, text -> console.talk().warn(text));
                pump(in, intake, out, new BatchOutlet(other, out, console.waits()), printer, console);
                other.endSending();
                backwards.join();
            }
        }
    }

    private void pump(
            Route in, Intake intake, Route out, Outlet outlet, @Nullable MessagePrinter printer, Console console)
            throws IOException, InterruptedException {
        if (printer != null) {
            printer.knowing(intake);
        }
        while (true) {
            about = in.address();
            ByteBuffer message;
            try {
                message = intake.next(options, () -> {
                    about = out.address();
                    handOver(outlet, intake);
                    about = in.address();
                    if (printer != null) {
                        printer.flush();
                    }
                    console.waits().begin("a message on " + in.name());
                });
            } catch (IOException e) {
                handOver(outlet, intake); // what came before it is whole
                if (printer != null) {
                    printer.flush();
                }
                throw e;
            }
            console.waits().end();
            if (message == null) {
                if (intake.isOver()) {
                    break;
                }
                throw options.noWait() ? busy("no message is there") : timedOut("it had not ended");
            }
            if (printer != null) {
                printer.print(message);
            }
            about = out.address();
            outlet.put(message);
            passed++;
            if (intake.hasEnough()) {
                handOver(outlet, intake);
            }
        }
        about = out.address();
        handOver(outlet, intake);
        if (printer != null) {
            printer.flush();
        }
    }

    private void handOver(Outlet outlet, Intake intake) throws IOException, InterruptedException {
        outlet.flush();
        intake.written((int) (passed - handedOver));
        handedOver = passed;
    }
}

package org.jvmipc.cli.manage;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.jvmipc.Address;
import org.jvmipc.Ipc;
import org.jvmipc.OsException;
import org.jvmipc.cli.frame.CommandException;
import org.jvmipc.cli.frame.Console;
import org.jvmipc.cli.frame.CountConverter;
import org.jvmipc.cli.frame.ExitCode;
import org.jvmipc.cli.frame.Failure;
import org.jvmipc.cli.frame.IpcCommand;
import org.jvmipc.cli.frame.Json;
import org.jvmipc.cli.frame.SizeConverter;
import org.jvmipc.cli.frame.StdoutClosedException;
import org.jvmipc.internal.Quoted;
import org.jvmipc.internal.posix.Errno;
import org.jvmipc.spi.Scheme;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ipc create}: creates an object and prints its canonical address. */
@Command(
        name = "ipc create",
        synopsisHeading = "Usage: ",
        customSynopsis = "ipc create ADDR [options]",
        description = {
            "Creates an object, which must not exist, and prints its canonical address.",
            "Settings without an option of their own are keys of the address, as ?max=1m."
        },
        optionListHeading = "%nOptions%n",
        parameterListHeading = "%n",
        footerHeading = "%nExamples%n",
        footer = {
            "  ipc create fifo:/tmp/f                   lines, for 'cat' and any program",
            "  ipc create 'fifo:orders?framing=framed'  whole messages, in the runtime directory",
            "  ipc create sem:gpus --value 2 --robust   permits of the killed come back",
            "  ipc create 'mq:orders?capacity=1g&sync=true'  a durable queue, each message on the device",
            "  ipc create posixmq:/jobs --depth 4 --max-message 1k   a queue of the kernel",
            "  ipc create --owned fifo:mine             stale once this shell has ended"
        },
        sortOptions = false)
public final class CreateCommand implements IpcCommand {
    private static final String SCHEMA = "ipc.create/1";
    private static final String OWNED = "owned";

    @Parameters(index = "0", paramLabel = "ADDR", description = "What to create, as fifo:/tmp/f or fifo:NAME.")
    private String address = "";

    @Option(
            names = "--size",
            paramLabel = "B",
            converter = SizeConverter.class,
            description = "How much it holds, as 4k, 1m.")
    private @Nullable Long size;

    @Option(
            names = "--depth",
            paramLabel = "N",
            converter = CountConverter.class,
            description = "Of posixmq: how many messages it holds; default 10.")
    private @Nullable Long depth;

    @Option(
            names = "--max-message",
            paramLabel = "B",
            converter = SizeConverter.class,
            description = "The largest message, of queues and streams that have one, as 1k.")
    private @Nullable Long maxMessage;

    @Option(names = "--mode", paramLabel = "MODE", description = "Permission bits, octal, as 0660; default 0600.")
    private @Nullable String mode;

    @Option(
            names = "--value",
            paramLabel = "N",
            converter = CountConverter.OrZero.class,
            description = "Of a semaphore: how many permits there are at first; default 1.")
    private @Nullable Long value;

    @Option(names = "--robust", description = "Of a semaphore: permits come back from processes that are killed.")
    private boolean robust;

    @Option(names = "--owned", description = "Stale once the process that runs this command, the shell, has ended.")
    private boolean owned;

    @Option(names = "--owner", paramLabel = "PID", description = "Stale once that process has ended.")
    private @Nullable Long owner;

    /** The verb. */
    public CreateCommand() {}

    @Override
    public int run(Console console) throws IOException {
        Address asked = Address.of(address);
        Scheme scheme = Ipc.scheme(asked);
        asked.checkParameters(scheme.parameters().keySet());
        Address whole = withOptions(asked, scheme);
        Address created;
        try {
            created = Ipc.create(usual(whole, scheme));
        } catch (IOException e) {
            throw new CommandException(Failure.of("create", asked, e, fixes(e, asked)), e);
        }
        print(created, console);
        return ExitCode.SUCCESS;
    }

    private static String[] fixes(IOException e, Address address) {
        return e instanceof OsException taken && taken.errno() == Errno.EEXIST
                ? new String[] {
                    "use it as it is; 'ipc inspect " + address.withoutParameters() + "' tells what it is",
                    "or remove it first: ipc rm " + address.withoutParameters()
                }
                : new String[0];
    }

    private Address withOptions(Address asked, Scheme scheme) {
        Address result = asked;
        if (size != null) {
            String key = key(scheme, List.of("size", "capacity"), "--size");
            result = with(result, key, Long.toString(size), "--size");
        }
        if (depth != null) {
            result = with(result, key(scheme, List.of("depth"), "--depth"), Long.toString(depth), "--depth");
        }
        if (maxMessage != null) {
            String key = key(scheme, List.of("max-message", "max"), "--max-message");
            result = with(result, key, Long.toString(maxMessage), "--max-message");
        }
        if (mode != null) {
            result = with(result, key(scheme, List.of("mode"), "--mode"), mode, "--mode");
        }
        if (value != null) {
            result = with(result, key(scheme, List.of("value"), "--value"), Long.toString(value), "--value");
        }
        if (robust) {
            result = with(result, key(scheme, List.of("robust"), "--robust"), "true", "--robust");
        }
        if (owned && owner != null) {
            throw CommandException.usage("create: --owned and --owner: which?", "leave one of them out");
        }
        if (owned || owner != null) {
            String option = owned ? "--owned" : "--owner";
            result = with(result, key(scheme, List.of(OWNED), option), Long.toString(ownerPid()), option);
        }
        return result;
    }

    /** This process ends at once: what is to last as long as the caller belongs to the caller. */
    private long ownerPid() {
        if (owner != null) {
            if (owner < 1) {
                throw CommandException.usage("create: --owner " + owner + ": no process has that number");
            }
            return owner;
        }
        return ProcessHandle.current()
                .parent()
                .map(ProcessHandle::pid)
                .orElseThrow(() -> CommandException.usage(
                        "create: --owned: the process that runs this command cannot be seen",
                        "name it with --owner PID"));
    }

    private static String key(Scheme scheme, List<String> keys, String option) {
        return keys.stream()
                .filter(scheme.parameters()::containsKey)
                .findFirst()
                .orElseThrow(() -> CommandException.usage("create: " + scheme.name() + " takes no " + option));
    }

    private static Address with(Address address, String key, String value, String option) {
        String other = address.parameter(key);
        if (other != null) {
            throw CommandException.usage(
                    "create: " + option + ", and " + key + "=" + other + " in " + Quoted.of(address.toString())
                            + ": which?",
                    "leave one of them out");
        }
        return address.with(key, value);
    }

    /** A stream of bytes made by the command is one of lines, as the command and all text tools use it. */
    private static Address usual(Address address, Scheme scheme) {
        boolean unsaid = scheme.parameters().containsKey("framing") && address.parameter("framing") == null;
        return unsaid ? address.with("framing", "line") : address;
    }

    private static void print(Address created, Console console) throws StdoutClosedException {
        if (console.json()) {
            Map<String, Object> result = new LinkedHashMap<>();
            result.put("schema", SCHEMA);
            result.put("address", created.toString());
            console.out().line(Json.line(result));
        } else {
            console.out().line(created.toString());
        }
    }
}

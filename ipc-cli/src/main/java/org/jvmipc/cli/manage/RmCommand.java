package org.jvmipc.cli.manage;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jvmipc.Address;
import org.jvmipc.Ipc;
import org.jvmipc.IpcException;
import org.jvmipc.OsException;
import org.jvmipc.cli.frame.CommandException;
import org.jvmipc.cli.frame.Console;
import org.jvmipc.cli.frame.ErrorKind;
import org.jvmipc.cli.frame.ExitCode;
import org.jvmipc.cli.frame.ExitCodes;
import org.jvmipc.cli.frame.Failure;
import org.jvmipc.cli.frame.IpcCommand;
import org.jvmipc.internal.posix.Errno;
import org.jvmipc.spi.Removal;
import org.jvmipc.spi.Scheme;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ipc rm}: removes objects, by name or those that the dead have left. */
@Command(
        name = "ipc rm",
        synopsisHeading = "Usage: ",
        customSynopsis = {"ipc rm ADDR... [options]", "       ipc rm --stale [--dry-run] [-y] [options]"},
        description = {
            "Removes objects, unless a live process uses them; or with --stale what the dead",
            "have left: objects of an owner that is proven dead, and unfinished ones. What",
            "is kept, in use or not this user's is never touched then."
        },
        optionListHeading = "%nOptions%n",
        parameterListHeading = "%n",
        footerHeading = "%nExamples%n",
        footer = {"  ipc rm fifo:/tmp/f", "  ipc rm --stale --dry-run", "  ipc rm --stale -y"},
        sortOptions = false)
public final class RmCommand implements IpcCommand {
    @Parameters(arity = "0..*", paramLabel = "ADDR...", hideParamSyntax = true, description = "An object.")
    private List<String> addresses = new ArrayList<>();

    @Option(names = "--stale", description = "What the dead have left. Asks before, on a terminal.")
    private boolean stale;

    @Option(names = "--dry-run", description = "Tell what would be removed, and remove nothing.")
    private boolean dryRun;

    @Option(
            names = {"-y", "--yes"},
            description = "Do not ask.")
    private boolean yes;

    @Option(names = "--force", description = "Remove the name of an object that is in use, too.")
    private boolean force;

    /** The verb. */
    public RmCommand() {}

    @Override
    public int run(Console console) throws IOException {
        if (stale) {
            if (!addresses.isEmpty() || force) {
                throw CommandException.usage(
                        "rm: --stale takes no " + (force ? "--force" : "ADDR"),
                        "it removes only what is proven to be left over; 'ipc rm ADDR' removes one object");
            }
            return new StaleRemoval(console, dryRun, yes).run();
        }
        if (addresses.isEmpty()) {
            throw CommandException.usage(
                    "rm: which one?", "'ipc ls' shows what there is", "--stale: what the dead have left");
        }
        // A wrong one among them is seen before any is removed.
        List<Address> all = addresses.stream().map(Address::of).toList();
        all.forEach(address ->
                address.checkParameters(Ipc.scheme(address).parameters().keySet()));
        int exit = ExitCode.SUCCESS;
        for (Address address : all) {
            exit = ExitCodes.worst(exit, remove(address, console));
        }
        return exit;
    }

    private int remove(Address address, Console console) throws IOException {
        try {
            Scheme scheme = Ipc.scheme(address);
            List<Long> users = force ? List.of() : users(scheme, address);
            if (!users.isEmpty()) {
                return refused(address, users, console);
            }
            boolean there = dryRun ? scheme.exists(address) : scheme.remove(address);
            if (!there) {
                throw new OsException("unlink", Errno.ENOENT, "");
            }
            RemovalPrinter.print(
                    new Removal(address.withoutParameters(), Removal.Outcome.REMOVED, "as asked"), dryRun, console);
            return ExitCode.SUCCESS;
        } catch (IpcException e) {
            return console.talk().failure(Failure.of("rm", address, e), e);
        }
    }

    /** Those who keep it from being removed: not the process that runs this command, if it owns it and has it not open. */
    private static List<Long> users(Scheme scheme, Address address) throws IOException {
        List<Long> users = scheme.users(address);
        long caller = ProcessHandle.current().parent().map(ProcessHandle::pid).orElse(0L);
        if (!users.contains(caller)) {
            return users;
        }
        boolean onlyOwns = scheme.survey().objects().stream()
                .anyMatch(object -> object.address().equals(address.withoutParameters())
                        && object.owner() != null
                        && object.owner().pid() == caller
                        && !object.users().contains(caller));
        return onlyOwns ? users.stream().filter(pid -> pid != caller).toList() : users;
    }

    private static int refused(Address address, List<Long> users, Console console) {
        String pids = users.stream().map(String::valueOf).collect(Collectors.joining(", "));
        String name = address.withoutParameters().toString();
        String why = "rm " + name + ": in use by process" + (users.size() == 1 ? " " : "es ") + pids + " (EBUSY)";
        Failure failure = Failure.of(
                        ErrorKind.BUSY, why, "end it first; or --force: those who use it go on without its name")
                .withAddress(name);
        return console.talk().failure(failure, new CommandException(failure));
    }
}

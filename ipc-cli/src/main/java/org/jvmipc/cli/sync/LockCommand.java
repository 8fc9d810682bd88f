package org.jvmipc.cli.sync;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jvmipc.Address;
import org.jvmipc.cli.frame.Console;
import org.jvmipc.shm.sync.Hold;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ipc lock}: holds a lock while a command runs. */
@Command(
        name = "ipc lock",
        synopsisHeading = "Usage: ",
        customSynopsis = "ipc lock ADDR [--shared] [options] -- CMD...",
        description = {
            "Holds a lock while a command runs, and returns its exit code. Should this",
            "command be killed the lock comes back, though CMD may run on."
        },
        optionListHeading = "%nOptions%n",
        parameterListHeading = "%n",
        footerHeading = "%nExamples%n",
        footer = {
            "  ipc lock lock:/tmp/build.lock -- make       as flock(1); excludes fcntl and FileLock",
            "  ipc lock lock:backup --no-wait -- backup    exit 8 if one is running",
            "  ipc lock mutex:accounts -t 5s -- ./transfer",
            "  ipc lock rwlock:prices --shared -- ./report   reads, as others may meanwhile"
        },
        sortOptions = false)
public final class LockCommand extends WaitingCommand {
    @Parameters(
            index = "0",
            paramLabel = "ADDR",
            description = "The lock: lock:/path and lock:NAME are made if missing; or mutex:NAME, rwlock:NAME.")
    private String address = "";

    @Parameters(
            index = "1..*",
            arity = "0..*",
            paramLabel = "CMD...",
            hideParamSyntax = true,
            description = "The command and its arguments, behind --.")
    private List<String> command = new ArrayList<>();

    @Option(names = "--shared", description = "Others may hold it too, that want it shared; of lock: and rwlock:.")
    private boolean shared;

    /** The verb. */
    public LockCommand() {
        super("lock");
    }

    @Override
    Address about() {
        return Address.of(address);
    }

    @Override
    boolean runsCommand() {
        return true;
    }

    @Override
    int synchronize(Console console) throws IOException, InterruptedException {
        refuse(command.isEmpty(), "run what?", "put the command behind --, as in 'ipc lock " + address + " -- make'");
        try (Locks lock = Locks.open(about(), shared)) {
            console.waits().begin(about().withoutParameters().toString());
            Hold hold = lock.lock(patience());
            console.waits().end();
            if (hold == null) {
                throw notHad("another has it");
            }
            try (hold) {
                if (hold.previousOwnerDied()) {
                    console.talk()
                            .warn(Locks.diedWith(
                                    verb(), about().withoutParameters().toString()));
                }
                return GuardedCommand.run("lock", command, console);
            }
        }
    }
}

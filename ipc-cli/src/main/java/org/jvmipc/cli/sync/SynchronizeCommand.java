package org.jvmipc.cli.sync;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.jvmipc.Address;
import org.jvmipc.AddressException;
import org.jvmipc.OsException;
import org.jvmipc.cli.frame.CommandException;
import org.jvmipc.cli.frame.Console;
import org.jvmipc.cli.frame.ErrorKind;
import org.jvmipc.cli.frame.ExitCode;
import org.jvmipc.cli.frame.Failure;
import org.jvmipc.cli.frame.IpcCommand;
import org.jvmipc.cli.frame.StdoutClosedException;
import org.jvmipc.internal.posix.Errno;
import org.jvmipc.shm.DamagedSegmentException;
import org.jvmipc.shm.sync.BarrierBrokenException;

/** What the verbs that synchronise have in common: the words for what goes wrong, and what becomes of the exit code. */
abstract class SynchronizeCommand implements IpcCommand {
    private final String verb;

    SynchronizeCommand(String verb) {
        this.verb = verb;
    }

    /** The object that an error is about. */
    abstract Address about();

    /** Whether the exit code is that of a command that is run: then failures of one's own must not look like it. */
    boolean runsCommand() {
        return false;
    }

    /** What is to be settled before. */
    void begin() {}

    /** Does it. */
    abstract int synchronize(Console console) throws IOException, InterruptedException;

    @Override
    public final boolean endsInOrder() {
        return true;
    }

    @Override
    public final int run(Console console) throws IOException, InterruptedException {
        begin();
        try {
            return synchronize(console);
        } catch (StdoutClosedException e) {
            throw e;
        } catch (CommandException e) {
            return failed(console, e.failure(), e);
        } catch (AddressException e) {
            return failed(console, Failure.of(e), e);
        } catch (IOException e) {
            return failed(console, Failure.of(verb, about(), e, fixes(about(), e)), e);
        } catch (BarrierBrokenException e) {
            return failed(console, broken(String.valueOf(e.getMessage())), e);
        } catch (DamagedSegmentException e) {
            return failed(console, Failure.of(verb, about(), new IOException(e.getMessage(), e)), e);
        } catch (IllegalArgumentException | IllegalStateException | IllegalMonitorStateException e) {
            return failed(console, failure(ErrorKind.FAILED, String.valueOf(e.getMessage())), e);
        } finally {
            console.waits().end();
        }
    }

    private int failed(Console console, Failure failure, Throwable cause) {
        int exit = console.talk().failure(failure, cause);
        boolean own = exit == ExitCode.USAGE || exit == ExitCode.BUSY || exit >= ExitCode.TIMED_OUT;
        return runsCommand() && !own ? ExitCode.INTERNAL : exit;
    }

    /** What to do where there is no such object. */
    static String[] fixes(Address address, IOException e) {
        boolean missing = e instanceof OsException failed && failed.errno() == Errno.ENOENT;
        return missing ? new String[] {"create it with 'ipc create " + address + "'"} : new String[0];
    }

    /** A barrier that does not open; its own words name the method that makes it as new. */
    private Failure broken(String why) {
        int remedy = why.indexOf("; ");
        String told = (remedy < 0 ? why : why.substring(0, remedy)).replaceFirst("^.*? (?=is broken|was reset)", "it ");
        return failure(
                ErrorKind.PEER_GONE,
                told,
                remedy < 0 ? "come again" : "'ipc notify " + about() + " --reset' makes it as new");
    }

    final String verb() {
        return verb;
    }

    final Failure failure(ErrorKind kind, String why, String... fixes) {
        String name = about().withoutParameters().toString();
        String told = why.startsWith(name + ": ") ? why.substring(name.length() + 2) : why;
        return Failure.of(kind, verb + " " + name + ": " + told, fixes).withAddress(name);
    }

    /** Refuses a combination of arguments. */
    final void refuse(boolean given, String what, @Nullable String fix) {
        if (given) {
            String text = verb + ": " + what;
            throw fix == null ? CommandException.usage(text) : CommandException.usage(text, fix);
        }
    }
}

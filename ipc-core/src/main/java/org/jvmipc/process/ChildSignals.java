package org.jvmipc.process;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.jvmipc.OsException;
import org.jvmipc.UnsupportedMechanismException;
import org.jvmipc.internal.SignalNames;
import org.jvmipc.internal.posix.Errno;
import org.jvmipc.internal.posix.Fd;
import org.jvmipc.internal.posix.PidfdInfo;
import org.jvmipc.internal.posix.ProcessCalls;

/**
 * Sends signals to one process and never to a later bearer of its number: through a pidfd, or, where the kernel gives
 * none, through the JDK's handle, which compares start times.
 *
 * <p><b>Thread safety.</b> Calls and {@link #close()} exclude each other, so that no signal goes through a number that
 * was given again.
 */
final class ChildSignals implements AutoCloseable {
    private final ProcessHandle handle;
    private final @Nullable Fd pidfd;

    ChildSignals(ProcessHandle handle) {
        this.handle = handle;
        this.pidfd = open(handle);
    }

    private static @Nullable Fd open(ProcessHandle handle) {
        Fd fd;
        try {
            fd = ProcessCalls.pidfd(handle.pid());
        } catch (IOException e) {
            return null; // a kernel before 5.3, a sandbox, or it is gone
        }
        // Alive after the opening, so the number had not been given to another one.
        if (handle.isAlive()) {
            return fd;
        }
        fd.close();
        return null;
    }

    @Nullable
    Fd pidfd() {
        return pidfd;
    }

    /**
     * Sends the signal.
     *
     * @return false if the process has ended
     */
    synchronized boolean send(int signal) throws IOException {
        if (pidfd != null) {
            return pidfd.isOpen() && sendByPidfd(pidfd, signal);
        }
        return switch (signal) {
            case SignalNames.SIGKILL -> handle.destroyForcibly();
            case SignalNames.SIGTERM -> handle.destroy();
            default -> {
                if (!handle.isAlive()) {
                    yield false;
                }
                throw new UnsupportedMechanismException(SignalNames.name(signal) + " to process " + handle.pid()
                        + ": this kernel has no pidfd_open (5.3), without which it could hit another process");
            }
        };
    }

    private static boolean sendByPidfd(Fd pidfd, int signal) throws IOException {
        try {
            ProcessCalls.signal(pidfd, signal);
            return true;
        } catch (OsException e) {
            if (e.errno() == Errno.ESRCH) {
                return false;
            }
            throw e;
        }
    }

    /** How the process ended, once the JDK has waited for it. */
    ExitStatus exitStatus(int exitValue) {
        int status = -1;
        if (pidfd != null) {
            try {
                status = PidfdInfo.waitStatus(pidfd);
            } catch (IOException e) {
                status = -1; // then as far as the JDK knows it
            }
        }
        return status >= 0 ? ExitStatus.ofWaitStatus(status) : ExitStatus.ofExitValue(exitValue);
    }

    @Override
    public synchronized void close() {
        if (pidfd != null) {
            pidfd.close();
        }
    }
}

package org.jvmipc.cli.manage;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jvmipc.IpcException;
import org.jvmipc.OsException;
import org.jvmipc.internal.Backoff;
import org.jvmipc.internal.Deadline;
import org.jvmipc.internal.posix.Fcntl;
import org.jvmipc.internal.posix.Fd;
import org.jvmipc.internal.posix.OsCalls;
import org.jvmipc.internal.posix.ProcessCalls;
import org.jvmipc.process.ProcessIdentity;

/**
 * A JVM of this user that is asked what its threads do, by the attach protocol of HotSpot: a file tells it that it is to listen, SIGQUIT
 * that it is to look for that file; then it answers on a socket. The protocol is spoken here, so that no module of a JDK is needed.
 *
 * <p>SIGQUIT ends who does not handle it. So it is sent only to a process of this user that has HotSpot's library mapped, and a handler
 * of SIGQUIT, through a descriptor of that very process.
 */
final class AttachedJvm {
    private static final int SIGQUIT = 3;
    private static final Pattern UID = Pattern.compile("(?m)^Uid:\\s+(\\d+)\\s+(\\d+)\\s+(\\d+)\\s+(\\d+)$");
    private static final Pattern CAUGHT = Pattern.compile("(?m)^SigCgt:\\s+([0-9a-f]+)$");
    private static final Pattern STATE = Pattern.compile("(?m)^State:\\s+(\\S)");

    private static final Pattern HOTSPOT = Pattern.compile("(?m)/libjvm\\.so(?: \\(deleted\\))?$");
    private static final Pattern OPENJ9 = Pattern.compile("(?m)/libj9[^/\\n]*\\.so(?: \\(deleted\\))?$");

    private final ProcessIdentity process;
    private final Path proc;
    private final Deadline deadline;
    private final Duration patience;

    /** One that has to answer within the time given. */
    AttachedJvm(ProcessIdentity process, Duration patience) {
        this.process = process;
        this.proc = Path.of("/proc", Long.toString(process.pid()));
        this.patience = patience;
        this.deadline = Deadline.after(patience);
    }

    /**
     * What {@code jcmd PID Thread.print} prints.
     *
     * @throws IOException if it cannot be had; its message says why
     */
    String threadDump() throws IOException {
        requireHotSpot();
        String answer;
        // The directory is held open, so that nothing is left in it if the process ends meanwhile.
        try (Fd directory = openTmp()) {
            Path tmp = Path.of("/proc/self/fd", Integer.toString(directory.number()));
            Path socket = tmp.resolve(".java_pid" + process.pid());
            if (!AttachTrigger.isOwn(socket)) {
                makeListen(tmp, socket);
            }
            answer = new AttachSocket(socket, patience, deadline).ask("1\0threaddump\0\0\0\0");
        }
        if (!answer.startsWith("0\n")) {
            throw new IpcException("it refuses: " + answer.strip());
        }
        return answer.substring(2);
    }

    private Fd openTmp() throws IOException {
        try {
            return OsCalls.open(proc.resolve("root/tmp").toString(), Fcntl.O_PATH | Fcntl.O_DIRECTORY, 0);
        } catch (OsException e) {
            throw new IpcException(
                    process.isAlive() ? "it cannot be looked into (" + e.getMessage() + ")" : "it has ended", e);
        }
    }

    // ---- whom it is sent to

    private void requireHotSpot() throws IOException {
        if (process.pidNamespace() != ProcessIdentity.self().pidNamespace()) {
            throw new IpcException("it is in another pid namespace");
        }
        String status = read("status");
        Matcher uid = UID.matcher(status);
        String self = Integer.toString(ProcessCalls.effectiveUser());
        if (!uid.find()
                || !uid.group(1).equals(self)
                || !uid.group(2).equals(self)
                || !uid.group(3).equals(self)) {
            throw new IpcException("it is another user's");
        }
        if (!isHotSpot(read("maps"))) {
            throw new IpcException("it is no HotSpot JVM");
        }
        if (!handlesQuit(status)) {
            throw new IpcException("it does not handle SIGQUIT (-Xrs?), which would end it");
        }
        if ((read("cmdline") + read("environ")).contains("+DisableAttachMechanism")) {
            throw new IpcException("attaching is disabled in it (-XX:+DisableAttachMechanism)");
        }
        Matcher state = STATE.matcher(status);
        if (state.find() && (state.group(1).equals("T") || state.group(1).equals("t"))) {
            throw new IpcException("it is stopped");
        }
    }

    private String read(String name) throws IOException {
        try {
            return Files.readString(proc.resolve(name), StandardCharsets.ISO_8859_1);
        } catch (NoSuchFileException e) {
            throw new IpcException("it has ended", e);
        } catch (IOException e) {
            throw new IpcException("it cannot be looked into (" + e.getMessage() + ")", e);
        }
    }

    /** By what it has mapped; an update may have deleted the library meanwhile. OpenJ9 has a library of the same name, besides its own. */
    static boolean isHotSpot(String maps) {
        return HOTSPOT.matcher(maps).find() && !OPENJ9.matcher(maps).find();
    }

    private static boolean handlesQuit(String status) {
        Matcher caught = CAUGHT.matcher(status);
        return caught.find() && (Long.parseUnsignedLong(caught.group(1), 16) & 1L << (SIGQUIT - 1)) != 0;
    }

    // ---- attaching

    private void makeListen(Path tmp, Path socket) throws IOException {
        try (AttachTrigger trigger = AttachTrigger.of(tmp, process.pid())) {
            sendQuit(trigger);
            Backoff backoff = new Backoff();
            while (!AttachTrigger.isOwn(socket)) {
                if (!process.isAlive()) {
                    throw new IpcException("it has ended");
                }
                if (deadline.passed()) {
                    throw AttachSocket.slow(patience);
                }
                backoff.sleep(deadline);
            }
        } catch (InterruptedException e) {
            throw AttachSocket.interrupted();
        }
    }

    private void sendQuit(AttachTrigger trigger) throws IOException {
        try (Fd pidfd = ProcessCalls.pidfd(process.pid())) {
            // First the handle, then the look at whose it is: nobody else gets the signal.
            ProcessIdentity now = ProcessIdentity.of(process.pid());
            if (now == null || now.startTime() != process.startTime() || !handlesQuit(read("status"))) {
                throw new IpcException("it has ended");
            }
            if (!trigger.isThere()) {
                throw new IpcException("another one who attached to it was done just now");
            }
            ProcessCalls.signal(pidfd, SIGQUIT);
        }
    }
}

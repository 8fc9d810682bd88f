package org.jvmipc.cli.manage;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jvmipc.IpcException;
import org.jvmipc.internal.Backoff;
import org.jvmipc.internal.Deadline;
import org.jvmipc.internal.Units;
import org.jvmipc.internal.posix.Fd;
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
    private static final int MOST_BYTES = 16 << 20;
    private static final Pattern UID = Pattern.compile("(?m)^Uid:\\s+(\\d+)\\s+(\\d+)\\s+(\\d+)\\s+(\\d+)$");
    private static final Pattern CAUGHT = Pattern.compile("(?m)^SigCgt:\\s+([0-9a-f]+)$");
    private static final Pattern STATE = Pattern.compile("(?m)^State:\\s+(\\S)");

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
        Path socket = proc.resolve("root/tmp/.java_pid" + process.pid());
        if (!isOwn(socket)) {
            makeListen(socket);
        }
        String answer = ask(socket, "1\0threaddump\0\0\0\0");
        if (!answer.startsWith("0\n")) {
            throw new IpcException("it refuses: " + answer.strip());
        }
        return answer.substring(2);
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
        if (!hasHotSpotMapped()) {
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

    private boolean hasHotSpotMapped() throws IOException {
        return read("maps").lines().anyMatch(line -> line.endsWith("/libjvm.so"));
    }

    private static boolean handlesQuit(String status) {
        Matcher caught = CAUGHT.matcher(status);
        return caught.find() && (Long.parseUnsignedLong(caught.group(1), 16) & 1L << (SIGQUIT - 1)) != 0;
    }

    private static boolean isOwn(Path file) throws IOException {
        try {
            Object uid = Files.getAttribute(file, "unix:uid", LinkOption.NOFOLLOW_LINKS);
            if (!uid.equals(ProcessCalls.effectiveUser())) {
                throw new IpcException(file.getFileName() + " in /tmp is another user's");
            }
            return true;
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    // ---- attaching

    private void makeListen(Path socket) throws IOException {
        Path trigger = proc.resolve("root/tmp/.attach_pid" + process.pid());
        boolean made = makeTrigger(trigger);
        try {
            sendQuit();
            Backoff backoff = new Backoff();
            while (!isOwn(socket)) {
                if (deadline.passed()) {
                    throw slow();
                }
                backoff.sleep(deadline);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IpcException("interrupted while it was waited for", e);
        } finally {
            if (made) {
                Files.deleteIfExists(trigger);
            }
        }
    }

    private static boolean makeTrigger(Path trigger) throws IOException {
        try {
            Files.createFile(trigger);
            return true;
        } catch (FileAlreadyExistsException e) {
            return false; // another one attaches
        }
    }

    private void sendQuit() throws IOException {
        try (Fd pidfd = ProcessCalls.pidfd(process.pid())) {
            // First the handle, then the look at whose it is: nobody else gets the signal.
            ProcessIdentity now = ProcessIdentity.of(process.pid());
            if (now == null || now.startTime() != process.startTime() || !handlesQuit(read("status"))) {
                throw new IpcException("it has ended");
            }
            ProcessCalls.signal(pidfd, SIGQUIT);
        }
    }

    private IpcException slow() {
        return new IpcException("it has not answered for " + Units.formatDuration(patience));
    }

    // ---- asking

    private String ask(Path socket, String request) throws IOException {
        try (Selector selector = Selector.open();
                SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            channel.configureBlocking(false);
            channel.write(
                    ByteBuffer.wrap(request.getBytes(StandardCharsets.UTF_8))); // a few bytes into an empty buffer
            channel.register(selector, SelectionKey.OP_READ);
            ByteArrayOutputStream answer = new ByteArrayOutputStream();
            ByteBuffer some = ByteBuffer.allocate(1 << 16);
            while (answer.size() < MOST_BYTES) {
                long left = TimeUnit.NANOSECONDS.toMillis(deadline.remainingNanos());
                if (left <= 0 || selector.select(left) == 0) {
                    throw slow();
                }
                selector.selectedKeys().clear();
                int count = channel.read(some.clear());
                if (count < 0) {
                    break;
                }
                answer.write(some.array(), 0, count);
            }
            return answer.toString(StandardCharsets.UTF_8);
        }
    }
}

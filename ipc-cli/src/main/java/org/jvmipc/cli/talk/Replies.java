package org.jvmipc.cli.talk;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import org.jvmipc.LimitException;
import org.jvmipc.cli.frame.Talk;

/** Replies by a shell command: the message is its standard input, what it prints is the reply. */
final class Replies {
    private static final String ADDRESS = "IPC_ADDRESS";

    private final String command;
    private final Route route;
    private final Talk talk;

    Replies(String command, Route route, Talk talk) {
        this.command = command;
        this.route = route;
        this.talk = talk;
    }

    /** What a command has printed, and its exit code. */
    record Answer(ByteBuffer text, int exit) {}

    /** The reply to a message. A command that fails is told of; what it has printed is the reply all the same. */
    ByteBuffer to(ByteBuffer message) throws IOException, InterruptedException {
        return run(message).text();
    }

    /** Has the command handle a message. If it fails, that is told. */
    Answer run(ByteBuffer message) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder("/bin/sh", "-c", command);
        builder.redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().put(ADDRESS, route.name().toString());
        Process process = builder.start();
        try {
            Thread writer = new Thread(() -> write(process, message), "ipc-exec-input");
            writer.setDaemon(true);
            writer.start();
            byte[] reply = read(process.getInputStream());
            int exit = process.waitFor();
            if (exit != 0) {
                talk.warn("listen " + route.name() + ": " + command + ": exit code " + exit);
            }
            return new Answer(ByteBuffer.wrap(reply, 0, withoutNewline(reply)), exit);
        } finally {
            process.destroyForcibly();
        }
    }

    private static void write(Process process, ByteBuffer message) {
        try (OutputStream input = process.getOutputStream()) {
            byte[] bytes = new byte[message.remaining()];
            message.duplicate().get(bytes); // it may be a view without an array
            input.write(bytes);
        } catch (IOException e) {
            // it need not read it
        }
    }

    private byte[] read(InputStream output) throws IOException {
        ByteArrayOutputStream reply = new ByteArrayOutputStream();
        byte[] part = new byte[1 << 13];
        int count;
        while ((count = output.read(part)) >= 0) {
            reply.write(part, 0, count);
            if (reply.size() > route.maxMessageBytes()) {
                throw new LimitException(
                        "the reply of " + command + " is too long",
                        "the largest message",
                        route.maxMessageBytes(),
                        "give the address a larger max");
            }
        }
        return reply.toByteArray();
    }

    /** As the shell's {@code $(...)}: the newline ends what a command prints, and is no part of a message that is one line. */
    private int withoutNewline(byte[] reply) {
        boolean lines = route.frame() == Frame.LINE || route.frame() == Frame.JSON;
        return lines && reply.length > 0 && reply[reply.length - 1] == '\n' ? reply.length - 1 : reply.length;
    }
}

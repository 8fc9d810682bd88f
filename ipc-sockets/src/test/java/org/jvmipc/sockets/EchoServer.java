package org.jvmipc.sockets;

import java.io.IOException;
import org.jvmipc.Address;
import org.jvmipc.Codecs;
import org.jvmipc.Connection;
import org.jvmipc.Ipc;
import org.jvmipc.Listener;
import org.jvmipc.OsException;
import org.jvmipc.internal.posix.Errno;
import org.jvmipc.process.ParentJvm;
import org.jvmipc.testkit.ChildProgram;

/**
 * A server in a JVM of its own: each message goes back as {@code PID: message}. Where another one listens already it ends with
 * code {@value #TAKEN}.
 */
public final class EchoServer implements ChildProgram {
    /** The address is another server's. */
    static final int TAKEN = 9;

    @Override
    public void run(ParentJvm parent, String[] arguments) throws Exception {
        Address address = Address.of(arguments[0]);
        try (Listener<String> listener = Ipc.listener(address, Codecs.utf8())) {
            parent.ready();
            while (true) {
                Connection<String> caller = listener.accept();
                Thread thread = new Thread(() -> serve(caller), "echo");
                thread.setDaemon(true);
                thread.start();
            }
        } catch (OsException e) {
            if (e.errno() == Errno.EADDRINUSE) {
                System.exit(TAKEN);
            }
            throw e;
        }
    }

    private static void serve(Connection<String> caller) {
        long pid = ProcessHandle.current().pid();
        try (caller) {
            caller.forEach(message -> answer(caller, pid + ": " + message));
        } catch (IOException | IllegalStateException e) {
            // He has gone; the next one is served.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void answer(Connection<String> caller, String answer) {
        try {
            caller.send(answer);
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}

package org.jvmipc.sockets;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.jvmipc.Codecs;
import org.jvmipc.PeerGoneException;
import org.jvmipc.PeerGoneException.Reason;
import org.jvmipc.process.ChildJvm;
import org.jvmipc.process.ExitStatus;
import org.jvmipc.testkit.Await;
import org.jvmipc.testkit.Campaign;
import org.jvmipc.testkit.ChildMain;

/** A server is killed, and two race for its place: one gets it, and nobody has to tidy up. */
@Timeout(value = 240, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class UnixServerKillIT {
    @TempDir
    Path directory;

    @Test
    void ofTwoThatRaceForADeadServersPathOneWins() throws Exception {
        Path path = directory.resolve("s");
        ChildJvm dead = start(path);
        dead.awaitReady();
        int kills = Campaign.size(5, 200);
        for (int kill = 0; kill < kills; kill++) {
            UnixConnection<String> last = UnixSockets.connect(path, Codecs.utf8());
            last.send("x");
            assertEquals(dead.pid() + ": x", last.receive());
            dead.kill();
            assertEquals(
                    Reason.DIED,
                    assertThrows(PeerGoneException.class, last::receive).reason());
            last.close();
            assertTrue(Files.exists(path), "the dead one's file is there");
            dead.close();
            dead = race(path);
        }
        dead.kill();
        dead.close();
        UnixSockets.listen(path, Codecs.utf8()).close();
    }

    /** Starts two; the one that has won. */
    private static ChildJvm race(Path path) throws Exception {
        ChildJvm one = start(path);
        ChildJvm other = start(path);
        long winner;
        try (UnixConnection<String> client =
                UnixSockets.tryConnect(path, Codecs.utf8(), SocketOptions.defaults(), Await.LONG)) {
            assertNotNull(client, "nobody has won");
            winner = client.credentials().pid();
            client.send("who are you?");
            assertEquals(winner + ": who are you?", client.receive());
        }
        ChildJvm won = winner == one.pid() ? one : other;
        ChildJvm lost = won == one ? other : one;
        assertEquals(won.pid(), winner);
        ExitStatus end = lost.awaitExit();
        assertEquals(EchoServer.TAKEN, end.code(), end::toString);
        lost.close();
        return won;
    }

    private static ChildJvm start(Path path) throws Exception {
        return ChildMain.launcher(EchoServer.class, "uds:" + path).start();
    }
}

package org.jvmipc.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.jvmipc.Address;
import org.jvmipc.cli.IpcProcess.Result;
import org.jvmipc.process.ChildJvm;
import org.jvmipc.process.JvmLauncher;
import org.jvmipc.process.ParentJvm;
import org.jvmipc.shm.sync.SharedLatch;
import org.jvmipc.shm.sync.SharedMutex;
import org.jvmipc.shm.sync.SharedMutex.MutexHold;
import org.jvmipc.testkit.Await;
import org.jvmipc.testkit.ChildMain;
import org.jvmipc.testkit.ChildProgram;
import org.jvmipc.testkit.Children;
import org.jvmipc.testkit.Jvms;

/** {@code inspect --deadlocks} on a deadlock of two JVMs, and on none. */
@Timeout(240)
class DeadlockIT {
    private static final String NONE = "no deadlock among 2 locks\n";

    private final List<ChildJvm> children = new ArrayList<>();
    private Workplace place;
    private SharedLatch go;

    @BeforeEach
    void makePlace() throws Exception {
        place = new Workplace();
        go = SharedLatch.create(Address.of("latch", path("go")), 1);
        place.run("ipc create mutex:$PWD/a && ipc create mutex:$PWD/b").expect(0);
    }

    @AfterEach
    void clearPlace() throws IOException {
        for (ChildJvm each : children) {
            each.close();
            Files.deleteIfExists(Path.of("/tmp/.java_pid" + each.pid())); // who is killed leaves it
        }
        go.close();
        SharedLatch.remove(go.address());
        place.close();
    }

    private String path(String name) {
        return place.directory().resolve(name).toString();
    }

    /** Takes one, then, when the latch is open, the other. */
    static final class Child implements ChildProgram {
        @Override
        public void run(ParentJvm parent, String[] arguments) throws Exception {
            try (SharedLatch go = SharedLatch.open(Address.of("latch", arguments[0]));
                    SharedMutex first = SharedMutex.open(Address.of("mutex", arguments[1]));
                    SharedMutex second = SharedMutex.open(Address.of("mutex", arguments[2]));
                    MutexHold hold = first.lock()) {
                parent.ready();
                go.await();
                takeTheOtherOne(second);
                if (hold.previousOwnerDied()) {
                    throw new IllegalStateException("nobody died who had this one");
                }
            }
        }

        private static void takeTheOtherOne(SharedMutex second) throws InterruptedException {
            second.lock().close();
        }
    }

    private ChildJvm start(String first, String second, String... jvmArguments) throws Exception {
        return start(Jvms.homes().get(0), first, second, jvmArguments);
    }

    private ChildJvm start(Path javaHome, String first, String second, String... jvmArguments) throws Exception {
        JvmLauncher launcher = ChildMain.launcher(Child.class, path("go"), path(first), path(second))
                .javaHome(javaHome)
                .jvmArguments(jvmArguments)
                .environment("IPC_HOME", path("home"));
        ChildJvm child = Children.start(launcher);
        children.add(child);
        return child;
    }

    private String awaitDeadlock() throws Exception {
        List<String> seen = new ArrayList<>(List.of(""));
        Await.until("the deadlock is found: " + seen, () -> {
            seen.set(0, place.run("ipc inspect --deadlocks").expect(0).out());
            return !seen.get(0).equals(NONE);
        });
        return seen.get(0);
    }

    @Test
    void namesTheCycleWithTheStacksAndSaysSoIfThereIsNone() throws Exception {
        assertEquals(NONE, place.run("ipc inspect --deadlocks").expect(0).out());
        assertEquals("", place.run("ipc inspect --deadlocks --json").expect(0).out());
        ChildJvm one = start("a", "b");
        List<Path> javaHomes = Jvms.homes();
        ChildJvm two = start(javaHomes.get(javaHomes.size() - 1), "b", "a"); // another JDK, where there is one
        go.countDown();
        String text = awaitDeadlock();
        assertTrue(text.startsWith("deadlock: 2 threads wait in a circle\n"), text);
        assertTold(text, one, "a", "b");
        assertTold(text, two, "b", "a");
        assertEquals(2, text.split("Child\\.takeTheOtherOne\\(", -1).length - 1, text);
        assertFalse(
                place.run("ipc inspect --deadlocks --no-stacks").expect(0).out().contains("takeTheOtherOne"));
        assertJson(place.run("ipc inspect --deadlocks --json").expect(0), one, two);
        assertTrue(one.isAlive() && two.isAlive(), "nobody minds");
        assertFalse(Files.exists(Path.of("/tmp/.attach_pid" + one.pid())));
        one.kill();
        Children.assertExit(0, two);
        assertEquals(NONE, place.run("ipc inspect --deadlocks").expect(0).out());
    }

    private void assertTold(String text, ChildJvm child, String held, String wanted) {
        String told = "  process " + child.pid() + ", thread \"main\" #\\d+\n    waits for  mutex:" + path(wanted)
                + ", since [^\n]*\n    holds      mutex:" + path(held) + "\n      at ";
        assertTrue(Pattern.compile(told).matcher(text).find(), () -> text + " against " + told);
    }

    private void assertJson(Result result, ChildJvm one, ChildJvm two) throws IOException {
        List<String> lines = result.out().lines().toList();
        assertEquals(1, lines.size(), result::out);
        assertEquals("ipc.deadlock/1", JsonSchema.check(lines.get(0)));
        JsonArray threads =
                JsonParser.parseString(lines.get(0)).getAsJsonObject().getAsJsonArray("threads");
        assertEquals(2, threads.size());
        for (int i = 0; i < 2; i++) {
            JsonObject thread = threads.get(i).getAsJsonObject();
            boolean isOne = thread.get("pid").getAsLong() == one.pid();
            assertEquals(isOne ? one.pid() : two.pid(), thread.get("pid").getAsLong());
            assertEquals(
                    "mutex:" + path(isOne ? "b" : "a"),
                    thread.getAsJsonObject("waitsFor").get("address").getAsString());
            assertEquals("main", thread.get("name").getAsString());
            assertTrue(thread.get("stack").toString().contains("takeTheOtherOne"), thread::toString);
        }
    }

    @Test
    void whoCannotBeAttachedIsNamedWithoutAStackAndNotHarmed() throws Exception {
        ChildJvm quiet = start("a", "b", "-Xrs");
        ChildJvm disabled = start("b", "a", "-XX:+DisableAttachMechanism");
        go.countDown();
        String text = awaitDeadlock();
        assertTrue(text.contains("no stack: it does not handle SIGQUIT"), text);
        assertTrue(text.contains("no stack: attaching is disabled in it"), text);
        assertTrue(quiet.isAlive() && disabled.isAlive());
        Children.stop(quiet);
        assertTrue(place.run("ipc inspect --deadlocks").expect(0).out().contains("process " + quiet.pid()));
        Children.goOn(quiet);
        for (String line : place.run("ipc inspect --json --deadlocks")
                .expect(0)
                .out()
                .lines()
                .toList()) {
            assertEquals("ipc.deadlock/1", JsonSchema.check(line));
        }
    }

    @Test
    void takesNoObject() throws Exception {
        assertUsage("ipc inspect --deadlocks mutex:a", "inspect: --deadlocks takes no ADDR");
        assertUsage("ipc inspect --deadlocks --check", "inspect: --deadlocks takes no --check");
        assertUsage("ipc inspect --no-stacks mutex:a", "inspect: --no-stacks goes with --deadlocks");
        assertUsage("ipc inspect", "inspect: ADDR is missing");
    }

    private void assertUsage(String command, String message) throws Exception {
        Result result = place.run(command).expect(2);
        assertTrue(result.err().contains(message), result.err());
    }

    @Test
    void aTableThatIsDamagedIsToldOf() throws Exception {
        place.write("home/blocked-threads", new byte[] {1, 2, 3});
        Result result = place.run("chmod 600 home/blocked-threads; ipc inspect --deadlocks");
        assertTrue(result.err().contains("remove it"), result::toString);
        assertEquals("", result.out());
        assertTrue(result.exit() != 0);
        place.run("rm home/blocked-threads; ipc inspect --deadlocks").expect(0);
    }
}

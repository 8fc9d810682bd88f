package org.jvmipc.cli.manage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.jvmipc.process.ProcessIdentity;

@Timeout(60)
class ThreadStacksTest {
    private static final String DUMP =
            """
            2026-11-29 21:00:00
            Full thread dump OpenJDK 64-Bit Server VM:

            "main" #1 prio=5 os_prio=0 cpu=36.39ms elapsed=9.98s tid=0x01 nid=0x1d5 runnable  [0x00007f]
               java.lang.Thread.State: RUNNABLE
            \tat org.example.Main.lock(Main.java:7)
            \t- locked <0x01> (a java.lang.Object)
            \tat org.example.Main.main(Main.java:3)

            "a "quoted" one" #12 [4711] daemon prio=9 os_prio=0 cpu=0.1ms elapsed=9s tid=0x02 nid=4711 waiting
               java.lang.Thread.State: WAITING (parking)
            \tat org.example.Other.run(Other.java:1)

            "ForkJoinPool-1-worker-1" #22 [4712] daemon prio=5 os_prio=0 tid=0x03 nid=4712
               Carrying virtual thread #21
            \tat org.example.Carrier.run(Carrier.java:1)

            "VM Thread" os_prio=0 cpu=1.07ms elapsed=9.97s tid=0x04 nid=0x1d9 runnable

            """;

    @Test
    void findsAThreadByItsNumber() {
        ThreadStacks.Stack main = ThreadStacks.find(DUMP, 1);
        assertEquals("main", main.name());
        assertEquals(
                List.of(
                        "at org.example.Main.lock(Main.java:7)",
                        "- locked <0x01> (a java.lang.Object)",
                        "at org.example.Main.main(Main.java:3)"),
                main.frames());
        assertNull(main.whyNot());
        assertEquals("a \"quoted\" one", ThreadStacks.find(DUMP, 12).name());
        assertEquals(
                List.of("at org.example.Carrier.run(Carrier.java:1)"),
                ThreadStacks.find(DUMP, 21).frames());
        assertNotNull(ThreadStacks.find(DUMP, 2).whyNot());
        assertNotNull(ThreadStacks.find("", 1).whyNot());
    }

    @Test
    void isHotSpotByTheLibrariesMapped() {
        String hotSpot = "7f00-7f01 r-xp 0000 08:01 42    /usr/lib/jvm/17/lib/server/libjvm.so";
        assertTrue(AttachedJvm.isHotSpot("7f00-7f01 r--p 0000 00:00 0\n" + hotSpot + "\n"));
        assertTrue(AttachedJvm.isHotSpot(hotSpot + " (deleted)\n7f02-7f03 rw-p 0000 00:00 0 [stack]\n"));
        assertFalse(AttachedJvm.isHotSpot("7f00-7f01 r--p 0000 08:01 42    /usr/lib/libjvm.so.txt\n"));
        assertFalse(AttachedJvm.isHotSpot(""));
        String openJ9 = "7f04-7f05 r-xp 0000 08:01 43    /opt/j9/lib/default/libj9vm29.so";
        assertFalse(AttachedJvm.isHotSpot(hotSpot + "\n" + openJ9 + "\n"));
        assertFalse(AttachedJvm.isHotSpot(openJ9 + " (deleted)\n" + hotSpot + "\n"));
    }

    @Test
    void whatIsNoJvmGetsNoSignal() throws Exception {
        Process sleep = new ProcessBuilder("sleep", "60").start();
        try {
            ProcessIdentity identity = ProcessIdentity.of(sleep.pid());
            assertNotNull(identity);
            AttachedJvm jvm = new AttachedJvm(identity, Duration.ofSeconds(1));
            String message = assertThrows(IOException.class, jvm::threadDump).getMessage();
            assertTrue(String.valueOf(message).contains("no HotSpot JVM"), message);
            assertTrue(sleep.isAlive());
        } finally {
            sleep.destroyForcibly();
            assertTrue(sleep.waitFor(10, TimeUnit.SECONDS));
        }
    }
}

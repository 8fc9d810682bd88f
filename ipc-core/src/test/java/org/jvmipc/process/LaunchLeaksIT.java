package org.jvmipc.process;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.File;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.jvmipc.testkit.Await;

@Timeout(60)
class LaunchLeaksIT {
    private static final int ROUNDS = 5;
    private static final int AT_ONCE = 4;

    private static int openFds() {
        return new File("/proc/self/fd").list().length;
    }

    private static List<Long> children() {
        return ProcessHandle.current()
                .children()
                .map(ProcessHandle::pid)
                .sorted()
                .collect(Collectors.toList());
    }

    private static long threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("ipc-child-"))
                .count();
    }

    private static void startAndEnd() throws Exception {
        List<ChildJvm> started = new ArrayList<>();
        for (int i = 0; i < AT_ONCE; i++) {
            started.add(Children.launcher(i == 0 ? Children.Ready.class : Children.Exits.class)
                    .arguments(Integer.toString(i))
                    .start());
        }
        started.get(0).awaitReady();
        for (ChildJvm child : started.subList(1, AT_ONCE)) {
            child.awaitExit(); // not closed: an ended child costs nothing
        }
        started.get(0).close();
    }

    @Test
    void nothingIsLeftOfChildrenThatHaveEnded() throws Exception {
        startAndEnd();
        List<Long> childrenBefore = children();
        int fdsBefore = openFds();
        for (int round = 0; round < ROUNDS; round++) {
            startAndEnd();
        }
        assertEquals(fdsBefore, openFds());
        assertEquals(childrenBefore, children());
        Await.until("the watching threads have ended", () -> threads() == 0);
    }
}

package org.jvmipc.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.jvmipc.internal.posix.Fd;
import org.jvmipc.internal.posix.OsCalls;

@Timeout(60)
class LifelineTest {
    /** The lifeline of a detached child whose parent has closed the other end. */
    private static Lifeline torn() throws Exception {
        Fd[] toChild = OsCalls.pipe(0);
        Fd[] fromChild = OsCalls.pipe(0);
        ProcessIdentity self = ProcessIdentity.self();
        ChildControl control = ChildControl.open(ControlLines.VERSION + ":" + self.pid() + ":" + self.startTime() + ":"
                + toChild[0].number() + ":" + fromChild[1].number() + ":");
        for (Fd fd : List.of(toChild[0], toChild[1], fromChild[0], fromChild[1])) {
            fd.close();
        }
        control.sayReady();
        return new Lifeline(control, true);
    }

    @Test
    void allActionsRunWhateverSomeOfThemThrow() throws Exception {
        List<String> reported = Collections.synchronizedList(new ArrayList<>());
        List<String> ran = Collections.synchronizedList(new ArrayList<>());
        Lifeline lifeline = torn();
        lifeline.onGone(() -> {
            throw new AssertionError("first");
        });
        lifeline.onGone(() -> {
            throw new IllegalStateException("second");
        });
        lifeline.onGone(() -> ran.add("third"));
        Thread thread = new Thread(lifeline);
        thread.setUncaughtExceptionHandler((of, thrown) -> {
            reported.add(thrown.getMessage());
            throw new AssertionError("a handler that fails too");
        });
        thread.start();
        thread.join();
        assertEquals(List.of("third"), ran);
        assertEquals(List.of("first", "second"), reported);
        assertTrue(lifeline.isParentGone());
    }
}

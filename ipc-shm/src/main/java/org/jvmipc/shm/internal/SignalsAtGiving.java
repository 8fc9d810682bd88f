package org.jvmipc.shm.internal;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Signals that were given with a mutex held, and whose wake-ups go out when it is given: who is woken sooner would have to sleep once more,
 * on the mutex. They are counted up in their conditions at once, so that nobody who has signed goes to sleep over them. As long as a
 * wake-up is owed this process stays in the condition's segment: if it dies meanwhile the repair of its slot wakes all.
 *
 * <p><b>Thread safety.</b> Of who holds the mutex.
 */
final class SignalsAtGiving {
    private final Map<ConditionState, Owed> owed = new LinkedHashMap<>();

    /**
     * What one condition is owed.
     *
     * @param value of its sequence after the last signal
     * @param count how many signals
     * @param all whether one of them was for all
     */
    private record Owed(int value, int count, boolean all) {}

    /** One signal more, after which the condition's sequence is that. It has been told to stay if it is the first. */
    void add(ConditionState condition, int value, boolean all) {
        owed.merge(
                condition,
                new Owed(value, 1, all),
                (before, one) -> new Owed(one.value, before.count + 1, before.all || one.all));
    }

    /** Whether the condition is owed one already. */
    boolean has(ConditionState condition) {
        return owed.containsKey(condition);
    }

    /** Wakes whom they are for, each of them though the memory of another is lost. */
    void wake() {
        owed.forEach((condition, signals) -> condition.wakeOwed(signals.value, signals.count, signals.all));
        owed.clear();
    }
}

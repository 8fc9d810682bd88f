package org.jvmipc.shm;

/** Nothing but the kernel's wake-ups. */
class SleepingRingContractTest extends RingContract {
    SleepingRingContractTest() {
        super(Rings.options(RingKind.ONE_TO_ONE).withWaiting(RingWaiting.SLEEP));
    }
}

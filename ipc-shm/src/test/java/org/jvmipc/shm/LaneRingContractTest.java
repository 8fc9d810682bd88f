package org.jvmipc.shm;

class LaneRingContractTest extends RingContract {
    LaneRingContractTest() {
        super(Rings.options(RingKind.LANES));
    }
}

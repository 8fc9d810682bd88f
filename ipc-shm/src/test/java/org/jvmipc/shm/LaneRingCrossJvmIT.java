package org.jvmipc.shm;

class LaneRingCrossJvmIT extends RingCrossJvmContract {
    LaneRingCrossJvmIT() {
        super(Rings.options(RingKind.LANES));
    }
}

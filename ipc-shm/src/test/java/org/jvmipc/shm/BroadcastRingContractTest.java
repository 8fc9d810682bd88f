package org.jvmipc.shm;

class BroadcastRingContractTest extends RingContract {
    BroadcastRingContractTest() {
        super(Rings.options(RingKind.BROADCAST));
    }
}

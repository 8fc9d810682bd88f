package org.jvmipc.shm;

class OneToOneRingContractTest extends RingContract {
    OneToOneRingContractTest() {
        super(Rings.options(RingKind.ONE_TO_ONE));
    }
}

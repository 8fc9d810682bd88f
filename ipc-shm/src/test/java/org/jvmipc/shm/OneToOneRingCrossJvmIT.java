package org.jvmipc.shm;

class OneToOneRingCrossJvmIT extends RingCrossJvmContract {
    OneToOneRingCrossJvmIT() {
        super(Rings.options(RingKind.ONE_TO_ONE));
    }
}

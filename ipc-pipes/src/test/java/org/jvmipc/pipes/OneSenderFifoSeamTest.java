package org.jvmipc.pipes;

/** The same with the lock of the one sender, and with fragments that are revoked. */
class OneSenderFifoSeamTest extends FifoSeamTest {
    @Override
    FifoOptions options() {
        return FifoOptions.defaults().withSharing(FifoSharing.ONE_SENDER);
    }
}

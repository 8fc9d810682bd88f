package org.jvmipc.pipes;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;

/** The same with every error that a call can have, the lock of the one sender, and fragments that are revoked. */
@Timeout(value = 1, unit = TimeUnit.HOURS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class OneSenderFifoSeamCampaign extends FifoSeamTest {
    @Override
    FifoOptions options() {
        return FifoOptions.defaults().withSharing(FifoSharing.ONE_SENDER);
    }
}

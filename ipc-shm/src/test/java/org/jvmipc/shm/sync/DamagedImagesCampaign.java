package org.jvmipc.shm.sync;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;

/** A million damaged images: seven in ten of segments, the rest of what else lies in files. */
@Timeout(value = 8, unit = TimeUnit.HOURS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class DamagedImagesCampaign extends DamagedImagesTest {}

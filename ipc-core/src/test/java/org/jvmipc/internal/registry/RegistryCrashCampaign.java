package org.jvmipc.internal.registry;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;

/** Five hundred creators that die. */
@Timeout(value = 1, unit = TimeUnit.HOURS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RegistryCrashCampaign extends RegistryCrashIT {}

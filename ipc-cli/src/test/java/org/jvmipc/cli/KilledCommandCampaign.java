package org.jvmipc.cli;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;

/** Two hundred kills of the command. */
@Timeout(value = 1, unit = TimeUnit.HOURS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class KilledCommandCampaign extends KilledCommandIT {}

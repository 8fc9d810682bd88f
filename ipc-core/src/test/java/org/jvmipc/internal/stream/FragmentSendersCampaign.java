package org.jvmipc.internal.stream;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;

/** A thousand writers and readers that die. */
@Timeout(value = 1, unit = TimeUnit.HOURS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FragmentSendersCampaign extends FragmentSendersIT {}

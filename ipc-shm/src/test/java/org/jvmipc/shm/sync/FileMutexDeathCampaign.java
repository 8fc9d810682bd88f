package org.jvmipc.shm.sync;

import org.junit.jupiter.api.Timeout;

/** Ten thousand held locks whose holder is killed, and a kill at every call. */
@Timeout(3600)
class FileMutexDeathCampaign extends FileMutexDeathIT {}

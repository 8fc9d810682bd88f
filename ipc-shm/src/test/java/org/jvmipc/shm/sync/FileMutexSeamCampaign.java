package org.jvmipc.shm.sync;

import org.junit.jupiter.api.Timeout;

/** With every error of each call. */
@Timeout(3600)
class FileMutexSeamCampaign extends FileMutexSeamTest {}

package org.jvmipc.signals;

/** The same with 80,000 pending for each of two numbers. Leaves other programs of this user no room meanwhile. */
class SignalBacklogCampaign extends SignalBacklogIT {}

package org.jvmipc.testkit;

/**
 * How much a test does: a figure for the suite, which everybody waits for, and one for a campaign, which may take hours.
 *
 * <pre>{@code
 * int kills = Campaign.size(100, 1_000);
 * }</pre>
 *
 * <p>{@code mvn verify -Pcampaign} runs the classes named {@code *Campaign} with the full figures. Most are an ordinary
 * test with more time:
 *
 * <pre>{@code
 * @Timeout(3600)
 * class PipeSeamCampaign extends PipeSeamTest {}
 * }</pre>
 */
public final class Campaign {
    private static final boolean ON = Boolean.getBoolean("ipc.campaign");

    private Campaign() {}

    /** Whether this is one. */
    public static boolean isOn() {
        return ON;
    }

    /** The first figure in the suite, the second in a campaign. */
    public static int size(int suite, int full) {
        return ON ? full : suite;
    }
}

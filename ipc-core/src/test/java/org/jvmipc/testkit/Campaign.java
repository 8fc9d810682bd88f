package org.jvmipc.testkit;

/**
 * How much a test does: a figure for the suite, which everybody waits for, and one for a campaign, which may take hours.
 *
 * <pre>{@code
 * int kills = Campaign.size(100, 1_000);
 * }</pre>
 *
 * <p>{@code mvn verify -Pcampaign} runs the classes named {@code *Campaign} with the full figures; with {@code
 * -Dipc.campaign.part=10} with a tenth of them. Most are an ordinary test with more time:
 *
 * <pre>{@code
 * @Timeout(3600)
 * class PipeSeamCampaign extends PipeSeamTest {}
 * }</pre>
 */
public final class Campaign {
    private static final boolean ON = Boolean.getBoolean("ipc.campaign");
    private static final int PART = Integer.getInteger("ipc.campaign.part", 1);

    private Campaign() {}

    /** Whether this is one. */
    public static boolean isOn() {
        return ON;
    }

    /** The first figure in the suite; the second in a campaign, or the part of it that was asked for. */
    public static int size(int suite, int full) {
        return ON ? Math.max(suite, full / PART) : suite;
    }
}

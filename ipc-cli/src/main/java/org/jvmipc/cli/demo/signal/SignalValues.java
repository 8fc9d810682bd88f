package org.jvmipc.cli.demo.signal;

/** Which 32 bits each signal of a run carries: all of them depend on its place and on the run, and tell its place. */
final class SignalValues {
    /** The most signals of one part: all have places below it. */
    static final int MOST = 1 << 30;

    private static final int ODD = 0x9e37_79b1;

    private final int key;
    private final int inverse = inverse(ODD);

    /** @param id the run's number */
    SignalValues(long id) {
        this.key = (int) (id ^ id >>> Integer.SIZE);
    }

    /** Newton's method, which doubles the good bits each time. */
    private static int inverse(int odd) {
        int inverse = odd;
        for (int bits = 3; bits < Integer.SIZE; bits *= 2) {
            inverse *= 2 - odd * inverse;
        }
        return inverse;
    }

    /** The value of the signal at this place. */
    int at(long place) {
        return (int) place * ODD ^ key;
    }

    /** The place of a value, from 0 to {@link #MOST}, or -1 if it is none of this run's. */
    long placeOf(int value) {
        int place = (value ^ key) * inverse;
        return place >= 0 && place < MOST ? place : -1;
    }
}

package org.jvmipc.cli.demo.producersconsumers;

import java.util.List;
import java.util.SplittableRandom;

/** What a producer or a consumer is about when it is killed. */
enum Moment {
    /** It has the mutex, and half of a message is put or taken. */
    INSIDE("inside", "in the monitor, with half of a message moved"),

    /** It waits in the monitor, and a signal may be on its way to it. */
    WAITING("waiting", "while it waited in the monitor"),

    /** It has left the monitor with a message; of consumers only. */
    IN_HAND("in-hand", "with a message in its hands");

    private final String word;
    private final String phrase;

    Moment(String word, String phrase) {
        this.word = word;
        this.phrase = phrase;
    }

    /** One of those there are. */
    static Moment choose(SplittableRandom random, boolean ofConsumer) {
        List<Moment> moments = ofConsumer ? List.of(INSIDE, WAITING, IN_HAND) : List.of(INSIDE, WAITING);
        return moments.get(random.nextInt(moments.size()));
    }

    /** As a fact. */
    String word() {
        return word;
    }

    /** In a sentence. */
    String phrase() {
        return phrase;
    }
}

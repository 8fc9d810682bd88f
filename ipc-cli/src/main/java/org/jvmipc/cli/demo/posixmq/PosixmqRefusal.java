package org.jvmipc.cli.demo.posixmq;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.jvmipc.Address;
import org.jvmipc.Codecs;
import org.jvmipc.LimitException;
import org.jvmipc.mq.PosixMessageQueue;
import org.jvmipc.mq.PosixMessageQueueOptions;

/**
 * What becomes of a queue that is asked for with more messages than the kernel allows anybody.
 *
 * @param depth so many
 * @param refusal what was told; null if it was made
 * @param left whether there is such a queue now
 */
record PosixmqRefusal(int depth, @Nullable LimitException refusal, boolean left) {
    /** One more than {@code HARD_MSGMAX}, which holds for privileged users too; {@code mq_overview(7)}. */
    private static final int TOO_MANY = (1 << 16) + 1;

    /** Asks for one, by a name that only this run has. */
    static PosixmqRefusal provoke(Address queue) throws IOException {
        Address name = Address.of(queue.scheme(), queue.withoutParameters().location() + "-too-deep")
                .with("owned", "");
        LimitException refusal = null;
        try {
            PosixMessageQueue.create(
                    name, Codecs.bytes(), PosixMessageQueueOptions.defaults().withDepth(TOO_MANY));
        } catch (LimitException e) {
            refusal = e;
        }
        return new PosixmqRefusal(TOO_MANY, refusal, PosixMessageQueue.remove(name.withoutParameters()));
    }
}

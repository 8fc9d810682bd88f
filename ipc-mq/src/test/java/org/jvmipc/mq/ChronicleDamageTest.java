package org.jvmipc.mq;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.jvmipc.testkit.Campaign;

/**
 * Damage in what is Chronicle's own, its header and its table: we do not read that, and what Chronicle cannot open is left alone
 * and a new file begun. It leaves a descriptor open now and then, which is why nobody counts them here.
 */
@Timeout(value = 300, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ChronicleDamageTest {
    @TempDir(factory = InMemory.class)
    Path directory;

    private final Random random = new Random(20260101);

    @Test
    void isLeftAloneAndANewFileBegun() throws Exception {
        for (int i = 0; i < Campaign.size(25, 300); i++) {
            MessageQueue<String> queue = MessageQueueDamageTest.fresh(directory);
            Path file = MessageQueueDamageTest.file(queue);
            MessageQueueDamageTest.flip(file, random.nextInt(600), random);
            MessageQueueDamageTest.flip(file.resolveSibling("metadata.cq4t"), random.nextInt(1000), random);
            List<String> damages = new ArrayList<>();
            List<Long> whole = MessageQueueDamageTest.read(queue, damages);
            assertEquals(MessageQueueDamageTest.MESSAGES, whole.size(), damages::toString);
            MessageQueueDamageTest.assertGoesOn(queue, whole);
            MessageQueue.remove(queue.address());
        }
    }
}

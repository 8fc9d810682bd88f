/** Bench mains, for paired runs beside Chronicle itself; {@code config/bench} starts them. No test asserts a speed. */
@NullMarked
package org.jvmipc.mq.bench;

import org.jspecify.annotations.NullMarked;

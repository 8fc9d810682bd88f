/** Bench mains, for paired runs beside C and other libraries; {@code config/bench} starts them. No test asserts a speed. */
@NullMarked
package org.jvmipc.pipes.bench;

import org.jspecify.annotations.NullMarked;

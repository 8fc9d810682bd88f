/** Bench mains, for paired runs beside C and bare Netty; {@code config/bench} starts them. No test asserts a speed. */
@NullMarked
package org.jvmipc.sockets.bench;

import org.jspecify.annotations.NullMarked;

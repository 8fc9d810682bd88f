/**
 * Sockets: nothing is here yet.
 *
 * <p>Here will live TCP, UDP and Unix domain sockets, and under {@code .reliable} datagrams that are acknowledged,
 * resent and put back in order.
 */
@NullMarked
package org.jvmipc.sockets;

import org.jspecify.annotations.NullMarked;

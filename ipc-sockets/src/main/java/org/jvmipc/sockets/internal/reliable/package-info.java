/**
 * Reliable datagrams: messages over UDP that arrive once, in order and checked, over a link that loses, doubles, reorders,
 * delays and damages what it carries.
 *
 * <p>The map of the protocol, which has neither sockets nor threads nor a clock: {@code RudpLayout} are the packets,
 * {@code ClientSession} and {@code SessionTable} make sessions by cookies, a {@code Session} is one of them with an
 * {@code Outbound} and an {@code Inbound} half, a {@code RoundTrip} and a {@code CongestionWindow}. See docs/protocols/rudp.md.
 */
@NullMarked
package org.jvmipc.sockets.internal.reliable;

import org.jspecify.annotations.NullMarked;

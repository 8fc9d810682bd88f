/**
 * The demo of datagrams: {@link org.jvmipc.cli.demo.udp.UdpSender} and {@link org.jvmipc.cli.demo.udp.UdpReceiver} are the
 * processes to read, {@link org.jvmipc.cli.demo.udp.UdpParent} has the link between them, which has faults.
 */
@NullMarked
package org.jvmipc.cli.demo.udp;

import org.jspecify.annotations.NullMarked;

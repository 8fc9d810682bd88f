/**
 * The demo of reliable datagrams: {@link org.jvmipc.cli.demo.rudp.RudpSender} and {@link org.jvmipc.cli.demo.rudp.RudpReceiver} are
 * the processes to read, {@link org.jvmipc.cli.demo.rudp.RudpParent} has the link between them, which has faults.
 */
@NullMarked
package org.jvmipc.cli.demo.rudp;

import org.jspecify.annotations.NullMarked;

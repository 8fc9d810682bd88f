/** Messages by handler: connections on Netty's event loops. The only code that sees Netty. */
@NullMarked
package org.jvmipc.sockets.internal.loop;

import org.jspecify.annotations.NullMarked;

/** Tests of the sockets, over real ones on this machine. */
@NullMarked
package org.jvmipc.sockets;

import org.jspecify.annotations.NullMarked;

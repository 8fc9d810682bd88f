/** Tests of reliable datagrams: the protocol over a link of the imagination, in a time of its own, and over real sockets. */
@NullMarked
package org.jvmipc.sockets.internal.reliable;

import org.jspecify.annotations.NullMarked;

/** How the sockets are done; nothing here is for users. */
@NullMarked
package org.jvmipc.sockets.internal;

import org.jspecify.annotations.NullMarked;

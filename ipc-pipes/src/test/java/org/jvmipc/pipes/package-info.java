/** Tests of pipes: the contract in one JVM and in two, and what is special to pipes. */
@NullMarked
package org.jvmipc.pipes;

import org.jspecify.annotations.NullMarked;

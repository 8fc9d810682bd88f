/**
 * Launching JVMs and knowing their fate: {@link org.jvmipc.process.JvmLauncher}, {@link org.jvmipc.process.ChildJvm}, {@link org.jvmipc.process.ParentJvm}.
 */
@NullMarked
package org.jvmipc.process;

import org.jspecify.annotations.NullMarked;

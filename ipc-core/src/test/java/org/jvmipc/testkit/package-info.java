/**
 * What the tests of every module stand on: {@link org.jvmipc.testkit.TransportContract} and
 * {@link org.jvmipc.testkit.CrossJvmContract}, which every transport passes, {@link
 * org.jvmipc.testkit.SynchronizerContract}, which everything passes that waits, child programs by name
 * ({@link org.jvmipc.testkit.ChildMain}), {@link org.jvmipc.testkit.NoLeaks}, and the fault seam
 * ({@link org.jvmipc.testkit.FaultSeam}). In no user's class path.
 */
@NullMarked
package org.jvmipc.testkit;

import org.jspecify.annotations.NullMarked;

/**
 * What the demos of shared memory and of locks have in common: children that work turn by turn
 * ({@link org.jvmipc.cli.demo.shared.Work}) and their parent's view of them ({@link org.jvmipc.cli.demo.shared.Workers}); a
 * board in shared memory with a counter that a lock guards ({@link org.jvmipc.cli.demo.shared.Board}), and the judgement on it
 * ({@link org.jvmipc.cli.demo.shared.CountReport}).
 */
@NullMarked
package org.jvmipc.cli.demo.shared;

import org.jspecify.annotations.NullMarked;

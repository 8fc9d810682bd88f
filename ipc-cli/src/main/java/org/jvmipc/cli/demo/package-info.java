/**
 * What the demos of the command share. For each mechanism there is a package with a parent and children, two real processes
 * and more, that exchange messages and verify every byte of them: {@link org.jvmipc.cli.demo.pipe},
 * {@link org.jvmipc.cli.demo.fifo}, {@link org.jvmipc.cli.demo.shm}, {@link org.jvmipc.cli.demo.sem},
 * {@link org.jvmipc.cli.demo.mutex}, {@link org.jvmipc.cli.demo.lock}; the last four have {@link org.jvmipc.cli.demo.shared}
 * in common. Here are the messages ({@link org.jvmipc.cli.demo.MessageSource},
 * {@link org.jvmipc.cli.demo.Verifier}), the run with its children ({@link org.jvmipc.cli.demo.DemoRun},
 * {@link org.jvmipc.cli.demo.DemoChild}, {@link org.jvmipc.cli.demo.DemoParent}) and objects
 * ({@link org.jvmipc.cli.demo.DemoObject}), and the verdict
 * ({@link org.jvmipc.cli.demo.Findings}, {@link org.jvmipc.cli.demo.DemoReport}).
 */
@NullMarked
package org.jvmipc.cli.demo;

import org.jspecify.annotations.NullMarked;

/**
 * The demo of shared memory: {@link org.jvmipc.cli.demo.shm.ShmWriter} and {@link org.jvmipc.cli.demo.shm.ShmReader} are the
 * processes to read. They work on one {@link org.jvmipc.cli.demo.shm.ShmArea}, at first as on bytes, then as on variables;
 * {@link org.jvmipc.cli.demo.shm.ShmParent} starts them.
 */
@NullMarked
package org.jvmipc.cli.demo.shm;

import org.jspecify.annotations.NullMarked;

/**
 * The demo of inboxes: {@link org.jvmipc.cli.demo.inbox.InboxPeer}s, each with an inbox of its own, send to each other, {@link
 * org.jvmipc.cli.demo.inbox.InboxParent} says when.
 */
@NullMarked
package org.jvmipc.cli.demo.inbox;

import org.jspecify.annotations.NullMarked;

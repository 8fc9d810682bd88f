package org.jvmipc.sockets;

/** The same on event loops of NIO; the build runs it with {@code -Dorg.jvmipc.sockets.epoll=false}. */
class NioHandlerTest extends HandlerTest {}

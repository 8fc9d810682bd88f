package org.jvmipc.sockets;

/**
 * Who is on the other end of a Unix domain socket, by the kernel's word ({@code SO_PEERCRED}): as it was when he connected,
 * or began to listen. Numbers are as this process's namespaces see them: pid 0 is a process that they do not.
 *
 * @param pid its process
 * @param uid its effective user
 * @param gid its effective group
 */
public record PeerCredentials(long pid, int uid, int gid) {}

package org.jvmipc.sockets;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.jvmipc.Codec;
import org.jvmipc.LimitException;
import org.jvmipc.internal.posix.DescriptorPath;
import org.jvmipc.internal.posix.Fd;
import org.jvmipc.sockets.internal.Party;

/** A connection of the Unix domain. */
final class UnixStreamConnection<T> extends StreamConnection<T> implements UnixConnection<T> {
    /** What the kernel adds to a piece, and what is before and behind a message in it. */
    private static final int OVERHEAD_BYTES = 128;

    private final PeerCredentials credentials;
    private final FileCodec<T> files;
    private final DescriptorPath path;
    private final ReentrantLock sendingFiles = new ReentrantLock();

    private UnixStreamConnection(
            Fd fd,
            DescriptorPath path,
            Party party,
            PeerCredentials credentials,
            FileCodec<T> files,
            Runnable onClose) {
        super(fd, path, party, files, () -> {
            path.close();
            onClose.run();
        });
        this.credentials = credentials;
        this.files = files;
        this.path = path;
        files.position(this::position);
    }

    /** Takes over the descriptor, in blocking mode. */
    static <T> UnixStreamConnection<T> of(Fd fd, Party party, Codec<T> codec, Runnable onClose) {
        PeerCredentials credentials = party.credentials();
        if (credentials == null) {
            throw new IllegalArgumentException("the other end is unknown");
        }
        DescriptorPath path = new DescriptorPath();
        return new UnixStreamConnection<>(fd, path, party, credentials, new FileCodec<>(codec, path), onClose);
    }

    @Override
    public PeerCredentials credentials() {
        return credentials;
    }

    @Override
    public void send(T message, List<PassedFile> files) throws IOException, InterruptedException {
        if (files.isEmpty()) {
            send(message);
            return;
        }
        requireFew(files);
        List<Fd> duplicates = duplicates(files); // whatever becomes of the originals meanwhile
        try {
            send(message, duplicates.stream().mapToInt(Fd::number).toArray());
        } finally {
            duplicates.forEach(Fd::close);
        }
    }

    private void send(T message, int[] descriptors) throws IOException, InterruptedException {
        int most = Math.min(MAX_BYTES_WITH_FILES, largestPiece() - OVERHEAD_BYTES);
        sendingFiles.lockInterruptibly();
        try {
            this.files.sending(descriptors, most);
            boolean sent = false;
            try {
                send(message);
                sent = true;
            } finally {
                this.files.sent();
                if (!sent && path.haveDeparted()) {
                    abort(); // the files are on their way, with the rest of something else: nobody must get them
                }
            }
        } catch (FileCodec.TooLongException e) {
            throw new LimitException(
                    address() + ": a message of " + e.bytes() + " bytes with files was refused",
                    "bytes of a message with files",
                    most,
                    "send the files with a short message, and the rest without");
        } finally {
            sendingFiles.unlock();
        }
    }

    private void requireFew(List<PassedFile> files) throws LimitException {
        if (files.size() > MAX_FILES) {
            throw new LimitException(
                    address() + ": a message with " + files.size() + " files was refused",
                    "files of a message",
                    MAX_FILES,
                    "send them with several messages");
        }
    }

    private static List<Fd> duplicates(List<PassedFile> files) throws IOException {
        List<Fd> duplicates = new ArrayList<>();
        boolean all = false;
        try {
            for (PassedFile file : files) {
                duplicates.add(file.duplicate());
            }
            all = true;
            return duplicates;
        } finally {
            if (!all) {
                duplicates.forEach(Fd::close);
            }
        }
    }

    @Override
    public ReceivedMessage<T> receiveWithFiles() throws IOException, InterruptedException {
        FileCodec.Basket basket = files.receiving();
        try {
            return received(receive(), basket);
        } finally {
            files.received();
        }
    }

    @Override
    public @Nullable ReceivedMessage<T> tryReceiveWithFiles(Duration timeout) throws IOException, InterruptedException {
        FileCodec.Basket basket = files.receiving();
        try {
            T message = tryReceive(timeout);
            return message == null ? null : received(message, basket);
        } finally {
            files.received();
        }
    }

    private ReceivedMessage<T> received(T message, FileCodec.Basket basket) throws LimitException {
        DescriptorPath.Taken taken = basket.taken;
        if (taken == null) {
            return new ReceivedMessage<>(message, List.of());
        }
        if (taken.tooMany()) {
            throw new LimitException(
                    address() + ": a message was dropped that came with more files than this receiver takes",
                    "files of a message",
                    MAX_FILES,
                    "send them with several messages");
        }
        return new ReceivedMessage<>(
                message, taken.descriptors().stream().map(PassedFile::new).toList());
    }
}

/*
 * Sends or receives messages with priorities through a message queue of the kernel, the one that Java and the command know as
 * posixmq:/NAME:
 *
 *     mqueue send /NAME < lines      mqueue recv /NAME COUNT
 *
 * A line is a priority, a space and the message, as "9 fire". What is received, the highest priority first and in it the oldest, is
 * printed so. Exit code 0 if all went well.
 *
 *     cc -std=c11 -D_POSIX_C_SOURCE=200809L mqueue.c -o mqueue        (with -lrt before glibc 2.34)
 */
#include <errno.h>
#include <fcntl.h>
#include <mqueue.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_PRIORITY 32767 /* MQ_PRIO_MAX - 1 of Linux */

static int failed(const char *call, const char *name) {
    fprintf(stderr, "%s %s: %s\n", call, name, strerror(errno));
    return 1;
}

static int send_all(mqd_t queue, const char *name, char *line, size_t room) {
    while (fgets(line, (int)room, stdin) != NULL) {
        char *text;
        unsigned long priority = strtoul(line, &text, 10);
        if (text == line || *text != ' ' || *line == '-' || priority > MAX_PRIORITY) {
            fprintf(stderr, "not a priority, 0 to %d, and a message: %s", MAX_PRIORITY, line);
            return 2;
        }
        text++;
        /* Waits while the queue is full; a signal may come meanwhile. */
        while (mq_send(queue, text, strcspn(text, "\n"), (unsigned)priority) != 0) {
            if (errno != EINTR) return failed("mq_send", name);
        }
    }
    return 0;
}

static int receive_all(mqd_t queue, const char *name, char *message, size_t room, long count) {
    while (count-- > 0) {
        unsigned priority;
        ssize_t length;
        /* Room for the largest message is needed, whatever comes, or the call fails with EMSGSIZE. */
        while ((length = mq_receive(queue, message, room, &priority)) < 0) {
            if (errno != EINTR) return failed("mq_receive", name);
        }
        printf("%u ", priority);
        fwrite(message, 1, (size_t)length, stdout); /* whatever bytes they are */
        putchar('\n');
        fflush(stdout);
    }
    return 0;
}

int main(int argc, char **argv) {
    int sends = argc == 3 && strcmp(argv[1], "send") == 0;
    if (!sends && (argc != 4 || strcmp(argv[1], "recv") != 0)) {
        fprintf(stderr, "usage: mqueue send /NAME < lines, or mqueue recv /NAME COUNT\n");
        return 2;
    }
    mqd_t queue = mq_open(argv[2], sends ? O_WRONLY : O_RDONLY);
    if (queue == (mqd_t)-1) return failed("mq_open", argv[2]);
    struct mq_attr attributes;
    if (mq_getattr(queue, &attributes) != 0) return failed("mq_getattr", argv[2]);
    size_t room = (size_t)attributes.mq_msgsize + 16; /* a message, and before it on a line its priority */
    char *memory = malloc(room);
    if (memory == NULL) return failed("malloc", argv[2]);
    int result = sends ? send_all(queue, argv[2], memory, room) : receive_all(queue, argv[2], memory, room, atol(argv[3]));
    free(memory);
    mq_close(queue);
    return result;
}

// The Linux calls that Swift's Glibc module lacks. Headers only: nothing here is compiled into an object of its own.
//
// Calls that glibc hides behind _GNU_SOURCE are declared by hand, since Swift builds its C modules without it.
#pragma once

#include <fcntl.h>
#include <malloc.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <sys/timex.h>
#include <sys/types.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <unistd.h>

extern int accept4(int, struct sockaddr *, socklen_t *, int);
extern int pipe2(int[2], int);
extern char *strptime(const char *, const char *, struct tm *);
extern int sched_getaffinity(int, size_t, unsigned long *);
extern int sched_setaffinity(int, size_t, const unsigned long *);
// recvmmsg(2), sendmmsg(2).
struct mmsghdr {
    struct msghdr msg_hdr;
    unsigned int msg_len;
};
extern int recvmmsg(int, struct mmsghdr *, unsigned int, int, struct timespec *);
extern int sendmmsg(int, struct mmsghdr *, unsigned int, int);
extern ssize_t splice(int, int64_t *, int, int64_t *, size_t, unsigned int);

// Calls that take varying arguments, which Swift can't pass, or that glibc has no name for: landlock(7), prctl(2),
// capset(2). The numbers and layouts are the kernel's interface.
extern long syscall(long, ...);

// recv(2) and send(2) of an IPv4 or IPv6 stream, without the C library's points of cancellation, which nobody here uses: two
// locked instructions each.
static inline ssize_t sallyport_receive(int socket, void *buffer, size_t size, int flags) {
    return syscall(SYS_recvfrom, socket, buffer, size, flags, (void *)0, (void *)0);
}
static inline ssize_t sallyport_send(int socket, const void *buffer, size_t size, int flags) {
    return syscall(SYS_sendto, socket, buffer, size, flags, (void *)0, (socklen_t)0);
}

struct sallyport_landlock_ruleset {
    uint64_t handled_files;
};
struct sallyport_landlock_path {
    uint64_t allowed;
    int32_t parent;
} __attribute__((packed));

// The version of the interface, or -1 where the kernel has none.
static inline int sallyport_landlock_version(void) { return (int)syscall(444, (void *)0, (size_t)0, 1u); }
static inline int sallyport_landlock_create(const struct sallyport_landlock_ruleset *ruleset) {
    return (int)syscall(444, ruleset, sizeof *ruleset, 0u);
}
static inline int sallyport_landlock_allow(int ruleset, const struct sallyport_landlock_path *path) {
    return (int)syscall(445, ruleset, 1, path, 0u);
}
static inline int sallyport_landlock_restrict(int ruleset) { return (int)syscall(446, ruleset, 0u); }
static inline int sallyport_no_new_privileges(void) { return prctl(PR_SET_NO_NEW_PRIVS, 1ul, 0ul, 0ul, 0ul); }
static inline int sallyport_keep_capabilities(int keep) {
    return prctl(PR_SET_KEEPCAPS, (unsigned long)keep, 0ul, 0ul, 0ul);
}
// Sets the calling thread's permitted and effective capabilities of the first 32, and takes all others away.
static inline int sallyport_set_capabilities(uint32_t set) {
    struct { uint32_t version; int pid; } header = {0x20080522, 0};
    struct { uint32_t effective, permitted, inheritable; } data[2] = {{set, set, 0}, {0, 0, 0}};
    return (int)syscall(
#if defined(__x86_64__)
        126
#else
        91
#endif
        , &header, data);
}
extern int setgroups(size_t, const gid_t *);
extern int initgroups(const char *, gid_t);

// socket(7), unix(7): who is at the other end.
struct sallyport_peer {
    pid_t process;
    uid_t user;
    gid_t group;
};

// splice(2) and fcntl(2): the flags that come with _GNU_SOURCE, by their values in the kernel's interface.
static const unsigned int SALLYPORT_SPLICE_MOVE = 1;
static const unsigned int SALLYPORT_SPLICE_NONBLOCK = 2;
static const int SALLYPORT_SET_PIPE_SIZE = 1031;
static const int SALLYPORT_GET_PIPE_SIZE = 1032;

// ip(7) and tcp(7): what the C library's headers hide or lack.
static const int SALLYPORT_BIND_ADDRESS_NO_PORT = 24;
static const int SALLYPORT_SEND_FAST_OPEN = 0x20000000;

// getaddrinfo(3): errors beyond POSIX.
static const int SALLYPORT_NO_DATA = -5;
static const int SALLYPORT_NO_ADDRESS_OF_FAMILY = -9;

// sched_setattr(2): makes the calling thread one whose work can wait. Newer C libraries have the call, older ones don't.
//
// Kernels from 6.12 on take the slice (in nanoseconds): for how long it goes on while others wait, and what it forfeits when
// it yields. Older ones pass over it.
static inline int sallyport_be_patient(int nice, uint64_t slice) {
    struct {
        uint32_t size, policy;
        uint64_t flags;
        int32_t nice;
        uint32_t priority;
        uint64_t runtime, deadline, period;
    } attributes = {.size = 48, .policy = 3 /* SCHED_BATCH */, .nice = nice, .runtime = slice};
    return (int)syscall(SYS_sched_setattr, 0, &attributes, 0);
}

// The event sets as numbers: Swift sees the header's enumerators as values of a type without operators.
static const uint32_t SALLYPORT_EPOLL_READ = EPOLLIN;
static const uint32_t SALLYPORT_EPOLL_WRITE = EPOLLOUT;
static const uint32_t SALLYPORT_EPOLL_PEER_CLOSED = EPOLLRDHUP;
static const uint32_t SALLYPORT_EPOLL_ERROR = EPOLLERR;
static const uint32_t SALLYPORT_EPOLL_HANG_UP = EPOLLHUP;
static const uint32_t SALLYPORT_EPOLL_EXCLUSIVE = 1u << 28;
static const uint32_t SALLYPORT_EPOLL_EDGE = 1u << 31;

/* A disk that hangs: preloaded into a process, what it writes below STALL_FOLDER waits while the file STALL_FLAG is there. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

static int is_below(int file) {
    const char *folder = getenv("STALL_FOLDER");
    char link[64], path[PATH_MAX + 1];
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    ssize_t length = readlink(link, path, PATH_MAX);
    if (length <= 0 || folder == NULL) return 0;
    path[length] = 0;
    return strncmp(path, folder, strlen(folder)) == 0;
}

static void wait_while_stalled(int file) {
    const char *flag = getenv("STALL_FLAG");
    while (flag != NULL && access(flag, F_OK) == 0 && is_below(file)) usleep(20000);
}

ssize_t write(int file, const void *bytes, size_t length) {
    static ssize_t (*real)(int, const void *, size_t);
    if (real == NULL) *(void **)&real = dlsym(RTLD_NEXT, "write");
    wait_while_stalled(file);
    return real(file, bytes, length);
}

int fdatasync(int file) {
    static int (*real)(int);
    if (real == NULL) *(void **)&real = dlsym(RTLD_NEXT, "fdatasync");
    wait_while_stalled(file);
    return real(file);
}

int fsync(int file) {
    static int (*real)(int);
    if (real == NULL) *(void **)&real = dlsym(RTLD_NEXT, "fsync");
    wait_while_stalled(file);
    return real(file);
}
